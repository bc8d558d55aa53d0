namespace ReleaseApi;

/// <summary>What the API is told on its command line. None of it is a secret.</summary>
internal sealed record ApiOptions
{
    /// <summary>Where it listens, and the audience of its tokens; on loopback, with a port.</summary>
    public Uri? Url { get; init; }

    /// <summary>The address of Symbolon.</summary>
    public Uri? Symbolon { get; init; }

    /// <summary>The API as a client of Symbolon.</summary>
    public string Client { get; init; } = "release-api";

    /// <summary>The private key of that client; made where there is none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Write the public key for <c>symbolon client create --key</c>, and end.</summary>
    public bool ShowKey { get; init; }

    /// <summary>Stop when standard input ends: the parent holds the other end of it.</summary>
    public bool EndWithInput { get; init; }

    /// <exception cref="ArgumentException">An argument is unknown, incomplete or missing.</exception>
    public static ApiOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ApiOptions();
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--url" => options with { Url = Address(args, ref i) },
                "--symbolon" => options with { Symbolon = Address(args, ref i) },
                "--client" => options with { Client = Next(args, ref i) },
                "--key" => options with { KeyFile = Next(args, ref i) },
                "--show-key" => options with { ShowKey = true },
                "--end-with-input" => options with { EndWithInput = true },
                var other => throw new ArgumentException($"Unknown argument '{other}'. Known: --url URL, --symbolon URL, --client NAME, --key FILE, --show-key, --end-with-input."),
            };
        }
        if (options.KeyFile is null) throw new ArgumentException("--key FILE is missing.");
        return options.ShowKey || (options.Url is { IsLoopback: true, Port: > 0 } && options.Symbolon is not null)
            ? options : throw new ArgumentException("--url URL on loopback, with a port, and --symbolon URL are needed.");
    }

    private static string Next(IReadOnlyList<string> args, ref int i) =>
        ++i < args.Count ? args[i] : throw new ArgumentException($"'{args[i - 1]}' needs a value.");

    private static Uri Address(IReadOnlyList<string> args, ref int i) =>
        Uri.TryCreate(Next(args, ref i), UriKind.Absolute, out var url) ? url : throw new ArgumentException($"'{args[i - 1]}' needs an address.");
}
