using System.Collections.Immutable;

namespace Symbolon.Core.Registry;

/// <summary>Which eras the upstream is spoken to in.</summary>
public enum UpstreamEra
{
    Auto,
    Legacy,
    Modern,
}

/// <summary>Where a server is and how it is spoken to: a closed set. DESIGN.md section 4, Files.</summary>
public abstract record UpstreamAddress
{
    private UpstreamAddress() { }

    public UpstreamEra Era { get; init; }

    /// <summary>The URL that is connected to; null for a process.</summary>
    public abstract Uri? Endpoint { get; }

    /// <summary>What people are shown: the URL, or the command with its arguments.</summary>
    public abstract string Shown { get; }

    /// <summary>Name of the kind in files and in the API.</summary>
    public string Transport => this switch { Http => "http", Sse => "sse", Stdio => "stdio", _ => throw new InvalidOperationException() };

    /// <summary>A Streamable HTTP endpoint: absolute http or https URL without userinfo or fragment.</summary>
    public sealed record Http : UpstreamAddress
    {
        public required Uri Url { get; init; }
        public override Uri Endpoint => Url;
        public override string Shown => Url.OriginalString;
    }

    /// <summary>An endpoint of the old HTTP+SSE transport (revision 2024-11-05): GET opens the stream, which names where to POST. Legacy alone.</summary>
    public sealed record Sse : UpstreamAddress
    {
        public Sse() => Era = UpstreamEra.Legacy;

        public required Uri Url { get; init; }
        public override Uri Endpoint => Url;
        public override string Shown => Url.OriginalString;
    }

    /// <summary>
    /// A process that is started from exactly these, without a shell, and spoken to over its standard input and output. The forms are
    /// those of <see cref="Files.StdioRules"/>; what of it is held to after the approval is said by <see cref="CommandPin"/>.
    /// </summary>
    public sealed record Stdio : UpstreamAddress
    {
        /// <summary>Absolute path. It may be a link: where it led when it was registered is in <see cref="Digests"/>.</summary>
        public required string Command { get; init; }

        /// <summary>The argument vector after the command. No byte of it means anything to us.</summary>
        public ImmutableArray<string> Args { get; init => field = value.IsDefault ? [] : value; } = [];

        /// <summary>Plain values, for everybody to read who may read the registration; a secret is a credential.</summary>
        public ImmutableSortedDictionary<string, string> Env { get; init => field = value ?? NoEnv; } = NoEnv;

        /// <summary>Absolute path of the folder that it starts in. Null is <see cref="UsualFolder"/>.</summary>
        public string? Cwd { get; init; }

        public ProcessIsolation Isolation { get; init; }

        /// <summary>The files that must not change after the approval, each once.</summary>
        public ImmutableArray<PinnedFile> Digests { get; init => field = value.IsDefault ? [] : value; } = [];

        public override Uri? Endpoint => null;
        public override string Shown => string.Join(' ', Args.Prepend(Command).Select(CommandText.Quoted));

        /// <summary>Where it starts when the file says nothing, and what relative arguments are relative to.</summary>
        public const string UsualFolder = "/";

        private static readonly ImmutableSortedDictionary<string, string> NoEnv = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
    }
}

/// <summary>Who speaks with one process.</summary>
public enum ProcessIsolation
{
    /// <summary>All callers, each with ids of their own. A static credential is one for all callers, so it does not change this.</summary>
    Shared,

    /// <summary>One caller: the same subject, actors, client and grant.</summary>
    Caller,

    /// <summary>One session.</summary>
    Session,
}
