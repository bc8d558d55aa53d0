using System.Globalization;

namespace McpHttpHost;

/// <summary>What a sample is told on its command line.</summary>
public sealed record SampleOptions
{
    /// <summary>Where it listens; loopback only. Port 0 takes a free one. Default <c>http://127.0.0.1:0</c>.</summary>
    public Uri Url { get; init; } = new("http://127.0.0.1:0");

    /// <summary>A file whose text every request must carry in <c>X-Api-Key</c>. None by default.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Where a sample keeps what it stores. A temporary folder by default.</summary>
    public string? Data { get; init; }

    /// <summary>Stands for a later release, in which somebody changed what a tool says of itself.</summary>
    public bool Upgraded { get; init; }

    /// <summary>The address of Symbolon, for a sample with a credential of its own.</summary>
    public Uri? Symbolon { get; init; }

    /// <summary>The file with the key of this instance.</summary>
    public string? Key { get; init; }

    /// <summary>A file with a code for the first start: on a command line everybody could read it.</summary>
    public string? Enroll { get; init; }

    /// <summary>At which age the key is replaced, in seconds; null for when Symbolon says so.</summary>
    public int? RotateKey { get; init; }

    /// <summary>Stop when standard input ends: the parent holds the other end of it, so its death is ours too.</summary>
    public bool EndWithInput { get; init; }

    /// <exception cref="ArgumentException">An argument is unknown, incomplete or leads off loopback.</exception>
    public static SampleOptions Parse(IReadOnlyList<string> args)
    {
        var options = new SampleOptions();
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--url" => options with { Url = Loopback(Next(args, ref i)) },
                "--key-file" => options with { KeyFile = Next(args, ref i) },
                "--data" => options with { Data = Next(args, ref i) },
                "--upgraded" => options with { Upgraded = true },
                "--symbolon" => options with { Symbolon = new Uri(Next(args, ref i)) },
                "--key" => options with { Key = Next(args, ref i) },
                "--enroll" => options with { Enroll = Next(args, ref i) },
                "--rotate-key" => options with { RotateKey = int.Parse(Next(args, ref i), CultureInfo.InvariantCulture) },
                "--end-with-input" => options with { EndWithInput = true },
                var other => throw new ArgumentException($"Unknown argument '{other}'. Known: --url URL, --key-file FILE, --data DIR, --upgraded, --symbolon URL, --key FILE, --enroll FILE, --rotate-key SECONDS, --end-with-input."),
            };
        }
        return options;
    }

    private static string Next(IReadOnlyList<string> args, ref int i) =>
        ++i < args.Count ? args[i] : throw new ArgumentException($"'{args[i - 1]}' needs a value.");

    private static Uri Loopback(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && url.IsLoopback
            ? url
            : throw new ArgumentException($"--url must be an http address on loopback, not '{text}'.");
}
