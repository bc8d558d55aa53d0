using Symbolon.Core.OAuth;

namespace Symbolon.Testing.Fakes;

/// <summary>Signs texts that are no tokens, another one each time, and keeps what they were ordered for.</summary>
public sealed class RecordingForeignAssertions : IForeignAssertions
{
    private readonly Lock gate = new();
    private readonly List<(ForeignAssertionOrder Order, TokenRecord? Caller, string? Client)> orders = [];

    /// <summary>False: there is no key to sign with.</summary>
    public bool HasKey { get; set; } = true;

    public IReadOnlyList<(ForeignAssertionOrder Order, TokenRecord? Caller, string? Client)> Orders
    {
        get
        {
            lock (gate) return [.. orders];
        }
    }

    public string? OfCaller(ForeignAssertionOrder order, TokenRecord caller) => Sign("assertion-of-caller", order, caller, null);

    public string? OfClient(ForeignAssertionOrder order, string client) => Sign("assertion-of-client", order, null, client);

    private string? Sign(string kind, ForeignAssertionOrder order, TokenRecord? caller, string? client)
    {
        lock (gate)
        {
            if (!HasKey) return null;
            orders.Add((order, caller, client));
            return $"{kind}-{orders.Count}";
        }
    }
}
