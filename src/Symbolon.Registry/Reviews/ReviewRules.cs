namespace Symbolon.Registry.Reviews;

/// <summary>Whether who asks may also decide. DESIGN.md section 4, Reviews.</summary>
public enum FourEyesRule
{
    /// <summary>Not once there is a second reviewer; before that it is recorded as self-approved.</summary>
    Auto,
    On,
    Off,
}

/// <summary>What the operator says of reviews.</summary>
public sealed record ReviewRules
{
    public FourEyesRule FourEyes { get; init; }

    /// <summary>For so long a version waits, 1 hour to 90 days; then it has to be applied again.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromDays(14);
}
