namespace Symbolon.Cli.Invocation;

/// <summary>All that a command touches outside itself, passed in so that a test can stand in for it.</summary>
internal sealed record Outside
{
    public required TextWriter Output { get; init; }

    /// <summary>The same as bytes.</summary>
    public required Func<Stream> OutputStream { get; init; }
    public required TextWriter Error { get; init; }
    public required Func<Stream> Input { get; init; }
    public required bool InputIsTerminal { get; init; }
    public required bool OutputIsTerminal { get; init; }

    /// <summary>Asks the person at the terminal for a line that is not shown; null where there is no terminal.</summary>
    public Func<string, string>? HiddenLine { get; init; }

    /// <summary>Shows an address to the person; null where there is no way to.</summary>
    public Action<Uri>? OpenBrowser { get; init; }

    /// <summary>An environment variable, or null.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Makes the handler of one command's connections; no redirects, no cookies, no proxy.</summary>
    public required Func<HttpMessageHandler> Handler { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>The words that were typed behind <c>--</c>; null where there is none.</summary>
    public IReadOnlyList<string>? BehindDashes { get; init; }
}
