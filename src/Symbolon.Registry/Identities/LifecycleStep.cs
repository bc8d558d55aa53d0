using Symbolon.Core.Changes;
using Symbolon.Core.Registry;

namespace Symbolon.Registry.Identities;

/// <summary>A step in the life of an agent or workflow.</summary>
public sealed record LifecycleStep
{
    private LifecycleStep(string action, Lifecycle? from, Lifecycle to) => (Action, From, To) = (action, from, to);

    public static readonly LifecycleStep Suspend = new("suspend", Lifecycle.Active, Lifecycle.Suspended);
    public static readonly LifecycleStep Resume = new("resume", Lifecycle.Suspended, Lifecycle.Active);
    public static readonly LifecycleStep Retire = new("retire", null, Lifecycle.Retired);

    public string Action { get; }

    /// <summary>Null: from any state but <see cref="Lifecycle.Retired"/>.</summary>
    public Lifecycle? From { get; }
    public Lifecycle To { get; }

    internal ChangeError? Refuses(Lifecycle present, string what)
    {
        if (present == Lifecycle.Retired) return ChangeError.Conflict("retired", $"{what} is retired for good.");
        return From is { } from && present != from
            ? ChangeError.Conflict("wrong_state", $"{what} is {present.ToText()}; only one that is {from.ToText()} can do that.")
            : null;
    }
}
