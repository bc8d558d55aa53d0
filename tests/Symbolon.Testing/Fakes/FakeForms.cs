using Symbolon.Core.Identity;
using Symbolon.Core.Snapshot;

namespace Symbolon.Testing.Fakes;

/// <summary>Forms in memory; it can be broken.</summary>
public sealed class FakeForms : IFormStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<TokenHash, string?> taken = [];

    public bool IsBroken { get; set; }

    public Task<FormTaking> TakeAsync(OrganisationId organisation, TokenHash form, long until, CancellationToken cancellation)
    {
        if (IsBroken) throw new StoreUnavailableException("The test broke the store.");
        lock (gate)
        {
            if (taken.TryAdd(form, null)) return Task.FromResult<FormTaking>(new FormTaking.First());
            return Task.FromResult<FormTaking>(taken[form] is { } made ? new FormTaking.Done(made) : new FormTaking.AtWork());
        }
    }

    public Task EndAsync(OrganisationId organisation, TokenHash form, string? made, CancellationToken cancellation)
    {
        if (IsBroken) throw new StoreUnavailableException("The test broke the store.");
        lock (gate)
        {
            if (made is null) taken.Remove(form);
            else taken[form] = made;
        }
        return Task.CompletedTask;
    }
}
