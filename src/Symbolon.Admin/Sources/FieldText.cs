namespace Symbolon.Admin.Sources;

/// <summary>What is wrong with a field, as one line that names the field once.</summary>
public static class FieldText
{
    /// <param name="path">The field; empty for the whole.</param>
    public static string Of(string? path, string? message) =>
        string.IsNullOrEmpty(path) || message?.StartsWith(path, StringComparison.Ordinal) == true ? message ?? "" : $"{path}: {message}";

    /// <summary>Whether a line by <see cref="Of"/> says no more than <paramref name="message"/> has said.</summary>
    public static bool IsSaidBy(string line, string message) =>
        message.Contains(line[(line.IndexOf(": ", StringComparison.Ordinal) is var at && at < 0 ? 0 : at + 2)..], StringComparison.Ordinal);
}
