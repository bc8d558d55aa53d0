namespace Symbolon.Core.Registry;

/// <summary>Where an object stands in its life. Servers start <see cref="Pending"/>; agents and workflows start <see cref="Active"/>.</summary>
public enum Lifecycle
{
    Pending,
    Active,
    Suspended,
    Retired,
}

public static class Lifecycles
{
    public static string ToText(this Lifecycle state) => state switch
    {
        Lifecycle.Pending => "pending",
        Lifecycle.Active => "active",
        Lifecycle.Suspended => "suspended",
        Lifecycle.Retired => "retired",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
