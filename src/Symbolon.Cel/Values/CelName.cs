using System.Text;

namespace Symbolon.Cel.Values;

/// <summary>The name of a member as an expression has it, made once when it is compiled.</summary>
public sealed class CelName(string text)
{
    private readonly byte[] utf8 = Encoding.UTF8.GetBytes(text);

    public string Text { get; } = text;

    public ReadOnlySpan<byte> Utf8 => utf8;

    /// <summary>The same as a value.</summary>
    internal CelValue Value { get; } = CelValue.Of(text);
}
