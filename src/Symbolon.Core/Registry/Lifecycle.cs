namespace Symbolon.Core.Registry;

/// <summary>Where an object stands in its life. Servers start <see cref="Pending"/>; agents and workflows start <see cref="Active"/>.</summary>
public enum Lifecycle
{
    Pending,
    Active,
    Suspended,
    Retired,
}
