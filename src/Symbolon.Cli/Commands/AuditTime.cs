using System.Globalization;
using Symbolon.Cli.Output;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Commands;

/// <summary>Times as they are typed.</summary>
internal static class AuditTime
{
    /// <returns>A length of time as that long ago; anything else as it is, for the server to read.</returns>
    public static string? Of(string? text, TimeProvider clock) =>
        text is [not (>= '0' and <= '9'), ..] or "" ? throw CommandException.Usage($"--since and --until take a day as 2027-03-31, a time as 2027-03-31T12:00:00Z, or 15m for 15 minutes ago, not '{text}'.")
        : Durations.TryParse(text, out var seconds)
            ? (clock.GetUtcNow() - TimeSpan.FromSeconds(seconds)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : text;
}
