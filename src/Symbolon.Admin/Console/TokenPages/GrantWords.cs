using System.Globalization;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>A grant that would be created, said before it is: what it holds, until when, and how long tokens by it may live.</summary>
public sealed record GrantWords(string Name, string Holds, string Ends)
{
    internal static GrantWords? Of(GrantObject? grant) => grant is null ? null : new GrantWords(
        grant.Name.Value,
        $"{(grant.Servers.Sum(access => access.Tools.Length) is 1 ? "this 1 tool" : string.Create(CultureInfo.InvariantCulture, $"these {grant.Servers.Sum(access => access.Tools.Length)} tools"))} by name and no later ones, for this holder alone",
        (grant.Expires is { } day ? $"Its last day is {day.ToString("d MMM yyyy", CultureInfo.InvariantCulture)}." : "It does not end by itself.")
        + (grant.MaxTtlSeconds is { } seconds ? $" No token lives longer by it than {Durations.ToText(seconds)}." : ""));
}
