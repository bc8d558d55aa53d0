using System.Text;

namespace Symbolon.Core.Registry;

/// <summary>The first line of a file that the kernel runs by another program: <c>#!/usr/bin/env -S node --flag</c>.</summary>
/// <param name="Words">What stands behind the program. The kernel gives it as one argument, <c>env -S</c> cuts it; each word may name a file.</param>
internal sealed record InterpreterLine(string Program, IReadOnlyList<string> Words)
{
    /// <summary>Bytes that are looked at; the kernel takes 255.</summary>
    private const int Longest = 4096;

    /// <returns>Null when the file is run by itself.</returns>
    public static InterpreterLine? In(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("#!"u8)) return null;
        var line = head[2..Math.Min(head.Length, Longest)];
        if (line.IndexOf((byte)'\n') is var end and >= 0) line = line[..end];
        var words = Encoding.UTF8.GetString(line).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : new InterpreterLine(words[0], [.. words[1..].Select(word => word.Length > 2 && word.StartsWith("-S", StringComparison.Ordinal) ? word[2..] : word)]);
    }
}
