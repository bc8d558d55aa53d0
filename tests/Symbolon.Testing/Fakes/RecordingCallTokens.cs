using Symbolon.Core.OAuth;

namespace Symbolon.Testing.Fakes;

/// <summary>Mints texts that are no tokens, and keeps what they were ordered for.</summary>
public sealed class RecordingCallTokens : ICallTokens
{
    private readonly Lock gate = new();
    private readonly List<CallTokenOrder> orders = [];

    /// <summary>False: there is no key to sign with.</summary>
    public bool HasKey { get; set; } = true;

    public IReadOnlyList<CallTokenOrder> Orders
    {
        get
        {
            lock (gate) return [.. orders];
        }
    }

    public string? Issue(CallTokenOrder order)
    {
        lock (gate)
        {
            if (!HasKey) return null;
            orders.Add(order);
            return $"call-token-{orders.Count}";
        }
    }
}
