using System.Text;

namespace Symbolon.Gateway.Upstreams.Stdio;

/// <summary>
/// What a process writes to its standard error, made fit for a log: lines cut to a length, without control characters, and only so
/// many in a time.
/// </summary>
/// <param name="write">Takes one line.</param>
internal sealed class ErrorLines(Action<string> write, TimeProvider clock)
{
    private const int Longest = 1000;
    private const int MostInWindow = 50;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly byte[] line = new byte[Longest];
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
            else if (length < Longest) line[length++] = value;
            else isCut = true;
        }
    }

    /// <summary>Writes what is left of a line without an end.</summary>
    public void Finish()
    {
        var text = length > 0 ? Clean(Encoding.UTF8.GetString(line, 0, length)) : "";
        if (isCut) text += " ...";
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

    private static string Clean(string text) => string.Create(text.TrimEnd('\r').Length, text, static (characters, text) =>
    {
        for (var i = 0; i < characters.Length; i++)
            characters[i] = char.IsControl(text[i]) || char.GetUnicodeCategory(text[i]) is System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator ? ' ' : text[i];
    });
}
