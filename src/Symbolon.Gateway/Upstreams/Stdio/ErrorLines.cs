using System.Text;
using Symbolon.Core.Redaction;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>
/// What a process writes to its standard error, made fit for a log: lines cut to a length, without control characters, and only so
/// many in a time. A line that holds the server's secret, or what looks like one, is left out: servers tell their settings there.
/// </summary>
/// <param name="write">Takes one line.</param>
/// <param name="secret">What the server was given; null where it was given none.</param>
/// <param name="holds">Whether a text holds what the server is given while it runs; null where it is given nothing.</param>
internal sealed class ErrorLines(Action<string> write, TimeProvider clock, string? secret = null, Func<string, bool>? holds = null)
{
    private const int Longest = 1000;
    private const int LongestSecret = 8192;
    private const int MostInWindow = 50;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private const string Redacted = "(a line with a secret was left out)";

    /// <summary>Longer than what is written by a secret, so that no half of one is left at the cut.</summary>
    private readonly byte[] line = new byte[Longest + (holds is null ? Encoding.UTF8.GetByteCount(secret ?? "") : LongestSecret)];
    private int length;
    private bool isCut;
    private long windowFrom = clock.GetTimestamp();
    private int written;
    private long left;

    public void Take(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value == '\n') Finish();
            else if (length < line.Length) line[length++] = value;
            else isCut = true;
        }
    }

    /// <summary>Writes what is left of a line without an end.</summary>
    public void Finish()
    {
        var text = length > 0 ? Shown(Encoding.UTF8.GetString(line, 0, length)) : "";
        (length, isCut) = (0, false);
        if (text.Length == 0) return;
        if (clock.GetElapsedTime(windowFrom) >= Window)
        {
            if (left > 0) write($"({left} lines were left out)");
            (windowFrom, written, left) = (clock.GetTimestamp(), 0, 0);
        }
        if (written < MostInWindow)
        {
            written++;
            write(text);
        }
        else left++;
    }

    private string Shown(string text)
    {
        if (secret is { Length: > 0 } && text.Contains(secret, StringComparison.Ordinal)) return Redacted;
        if (holds?.Invoke(text) == true) return Redacted;
        var clean = Clean(text);
        if (SecretText.HoldsSecret(clean)) return Redacted;
        return length > Longest || isCut ? Clean(Encoding.UTF8.GetString(line, 0, Longest)) + " ..." : clean;
    }

    private static string Clean(string text) => string.Create(text.TrimEnd('\r').Length, text, static (characters, text) =>
    {
        for (var i = 0; i < characters.Length; i++)
            characters[i] = char.IsControl(text[i]) || char.GetUnicodeCategory(text[i]) is System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator ? ' ' : text[i];
    });
}
