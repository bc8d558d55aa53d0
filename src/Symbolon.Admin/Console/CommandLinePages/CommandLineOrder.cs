using System.Globalization;
using Microsoft.AspNetCore.Http;
using Symbolon.Admin.Console.Layout;
using Symbolon.AuthorizationServer.CommandLine;

namespace Symbolon.Admin.Console.CommandLinePages;

/// <summary>What a command line asks a browser for: where it listens, on this very machine, and what proves that it asked.</summary>
/// <param name="Port">Of 127.0.0.1; the browser is led to no other host.</param>
/// <param name="State">Comes back to the command line, which takes no other.</param>
/// <param name="Label">Where it is, as it says.</param>
public sealed record CommandLineOrder(int Port, string State, string Challenge, string Label)
{
    public const string Path = "/command-line";

    private const int LeastState = 16;
    private const int MostState = 128;

    /// <summary>So many letters of the state are compared by the person.</summary>
    private const int Compared = 6;

    public string Origin => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>What the terminal shows too.</summary>
    public string Mark => State[..Compared];

    /// <returns>Null where it is not whole.</returns>
    public static CommandLineOrder? Read(Func<string, string?> field) =>
        int.TryParse(field("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1024 and <= 65535
        && field("state") is { Length: >= LeastState and <= MostState } state && state.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        && field("challenge") is { } challenge && AdminLogins.IsChallenge(challenge)
        && field("label") is { Length: > 0 and <= AdminLogins.MostLabelLength } label && label.All(letter => letter is > ' ' and < '\x7f')
            ? new CommandLineOrder(port, state, challenge, label) : null;

    public static CommandLineOrder? Read(IFormCollection form) => Read(name => form[name] is [{ } value] ? value : null);

    public static CommandLineOrder? Read(IQueryCollection query) => Read(name => query[name] is [{ } value] ? value : null);

    public string Granted(string code) => Origin + Addresses.Of("/", ("code", code), ("state", State));

    public string Refused => Origin + Addresses.Of("/", ("error", "access_denied"), ("state", State));
}
