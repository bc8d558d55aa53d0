using System.Globalization;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Cli.Commands;

/// <summary>Times as they are typed.</summary>
internal static class AuditTime
{
    /// <returns>A length of time as that long ago; anything else as it is, for the server to read.</returns>
    public static string? Of(string? text, TimeProvider clock) =>
        Durations.TryParse(text, out var seconds)
            ? (clock.GetUtcNow() - TimeSpan.FromSeconds(seconds)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : text;
}
