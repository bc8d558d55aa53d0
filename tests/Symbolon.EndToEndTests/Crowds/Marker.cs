using System.Globalization;
using System.Text.RegularExpressions;

namespace Symbolon.EndToEndTests.Crowds;

/// <summary>What a caller puts into all that it asks, and no other caller: found again in whatever is meant for it.</summary>
internal static partial class Marker
{
    public static string Of(string organisation, int number) => string.Create(CultureInfo.InvariantCulture, $"mark-{organisation}-{number:000}");

    public static string OrganisationOf(string marker) => marker.Split('-')[1];

    public static string UriOf(string marker) => $"crowd://{marker}/note";

    /// <summary>All that stand in a text.</summary>
    public static IEnumerable<string> In(string text) => Any().Matches(text).Select(match => match.Value);

    [GeneratedRegex("mark-[a-z]+-[0-9]{3}")]
    private static partial Regex Any();
}
