using Symbolon.Core.OAuth;

namespace Symbolon.Testing.Fakes;

/// <summary>Mints texts that are no tokens, another one each time, and keeps what they were ordered for.</summary>
public sealed class RecordingIdentityTokens : IIdentityTokens
{
    private readonly Lock gate = new();
    private readonly List<IdentityOrder> orders = [];

    /// <summary>False: there is no key to sign with.</summary>
    public bool HasKey { get; set; } = true;

    public IReadOnlyList<IdentityOrder> Orders
    {
        get
        {
            lock (gate) return [.. orders];
        }
    }

    public string? Issue(IdentityOrder order)
    {
        lock (gate)
        {
            if (!HasKey) return null;
            orders.Add(order);
            return $"identity-of-request-{orders.Count}";
        }
    }
}
