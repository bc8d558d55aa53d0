using System.Buffers;

namespace Symbolon.Core.Registry;

/// <summary>A command as people read it. Nothing is ever started from this text.</summary>
public static class CommandText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-");

    /// <summary>In single quotes where a shell would read it as more than a word, so that the ends of arguments are seen.</summary>
    public static string Quoted(string argument) =>
        argument.Length > 0 && !argument.AsSpan().ContainsAnyExcept(Plain) ? argument : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
