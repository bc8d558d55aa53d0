using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Symbolon.Cli.Invocation;

/// <summary>Reads the value of an option that takes a number. The library's own words for a wrong one name a type of the runtime.</summary>
internal static class WholeNumber
{
    public static T Read<T>(ArgumentResult given) where T : struct, IBinaryInteger<T>
    {
        var text = given.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        given.AddError($"{(given.Parent as OptionResult)?.Option.Name} must be a whole number, not '{text}'.");
        return default;
    }
}
