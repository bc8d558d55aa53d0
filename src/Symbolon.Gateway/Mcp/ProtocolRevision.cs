using System.Diagnostics.CodeAnalysis;
using Symbolon.Core.Tools;

namespace Symbolon.Gateway.Mcp;

/// <summary>A protocol version that we speak, with its era and its place in sealed session ids.</summary>
internal sealed class ProtocolRevision
{
    public static readonly ProtocolRevision V20250326 = new(ProtocolVersions.V20250326, Era.Legacy, 1);
    public static readonly ProtocolRevision V20250618 = new(ProtocolVersions.V20250618, Era.Legacy, 2);
    public static readonly ProtocolRevision V20251125 = new(ProtocolVersions.V20251125, Era.Legacy, 3);
    public static readonly ProtocolRevision V20260728 = new(ProtocolVersions.V20260728, Era.Modern, 4);

    private static readonly ProtocolRevision[] All = [V20251125, V20260728, V20250618, V20250326];

    private ProtocolRevision(string text, Era era, byte number)
    {
        Text = text;
        Era = era;
        Number = number;
    }

    public string Text { get; }

    public Era Era { get; }

    public byte Number { get; }

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ProtocolRevision? revision)
    {
        revision = null;
        foreach (var known in All)
            if (text.SequenceEqual(known.Text)) revision = known;
        return revision is not null;
    }

    public static ProtocolRevision? Find(byte number) => Array.Find(All, known => known.Number == number);
}
