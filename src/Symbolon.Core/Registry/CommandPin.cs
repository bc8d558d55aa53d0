namespace Symbolon.Core.Registry;

/// <summary>One file that a stdio server's approval holds to.</summary>
public sealed record PinnedFile
{
    /// <summary>Absolute path as the command or an argument leads to it.</summary>
    public required string Path { get; init; }

    /// <summary>The regular file that really is read: <see cref="Path"/> with every link followed.</summary>
    public required string Target { get; init; }

    /// <summary><c>sha256:</c> and 64 lower-case hex digits, of the whole file.</summary>
    public required string Digest { get; init; }
}

/// <summary>What is on the disk under a path.</summary>
public abstract record FileFound
{
    private FileFound() { }

    /// <param name="Target">With every link followed.</param>
    /// <param name="Digest">As in <see cref="PinnedFile.Digest"/>.</param>
    public sealed record File(string Target, string Digest) : FileFound;

    /// <summary>Nothing, or no regular file.</summary>
    public sealed record None : FileFound;

    /// <param name="Why">For people, after the path: <c>is larger than 1 GiB</c>.</param>
    public sealed record Unreadable(string Why) : FileFound;
}

/// <summary>Looks at files. Never throws for a path; reads nothing but regular files.</summary>
public interface IPinnedFiles
{
    Task<FileFound> ReadAsync(string path, CancellationToken cancellation);
}

/// <summary>Why what is on the disk is not what was approved.</summary>
/// <param name="Code"><c>file_changed</c>, <c>file_missing</c>, <c>file_unreadable</c> or <c>file_not_pinned</c>.</param>
/// <param name="Message">For people who may read the registration: it names the path.</param>
public sealed record PinFault(string Code, string Path, string Message);

/// <summary>
/// What the approval of a stdio server pins beside the argument vector: the file that the command leads to, and, where that is a
/// <see cref="Launcher"/>, every file that an argument names. Asked when the server is drafted, when it is approved and before each
/// start. What such a file loads in its turn is not pinned. DESIGN.md section 4, Reviews.
/// </summary>
public static class CommandPin
{
    /// <summary>The paths that have to be pinned, the command's first. An argument that is no file now is none of them.</summary>
    public static IReadOnlyList<string> Candidates(UpstreamAddress.Stdio server) =>
        [.. Written(server).Concat(Unnamed(server).SelectMany(files => files)).Distinct(StringComparer.Ordinal)];

    private static IReadOnlyList<string> Written(UpstreamAddress.Stdio server)
    {
        var paths = new List<string> { server.Command };
        if (Leads(server, Launcher.Is))
            paths.AddRange(server.Args.Select(argument => Launcher.FileIn(argument)).OfType<string>().SelectMany(file => Absolute(file, server.Cwd ?? UpstreamAddress.Stdio.UsualFolder)));
        return [.. paths.Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<IReadOnlyList<string>> Unnamed(UpstreamAddress.Stdio server) =>
        Leads(server, Launcher.Is) && !Leads(server, Launcher.Fetches) ? UnnamedProgram.FilesOf(server) : [];

    /// <summary>A link with another name leads to a launcher as well: the registered target says what it is.</summary>
    private static bool Leads(UpstreamAddress.Stdio server, Func<string, bool> to) =>
        to(server.Command) || (server.Digests.FirstOrDefault(pinned => pinned.Path == server.Command)?.Target is { } target && to(target));

    /// <summary>Reads what has to be pinned as it is now.</summary>
    /// <returns>The pins, and the first fault, with which nothing can be registered.</returns>
    public static async Task<(IReadOnlyList<PinnedFile> Pins, PinFault? Fault)> TakeAsync(UpstreamAddress.Stdio server, IPinnedFiles files, CancellationToken cancellation)
    {
        var command = await files.ReadAsync(server.Command, cancellation);
        if (command is not FileFound.File first) return ([], Fault(server.Command, command));
        var pins = new List<PinnedFile> { new() { Path = server.Command, Target = first.Target, Digest = first.Digest } };
        if (await AddAsync(Written(server with { Digests = [.. pins] }).Skip(1)) is { } fault) return ([], fault);
        foreach (var unnamed in Unnamed(server with { Digests = [.. pins] }))
        {
            var before = pins.Count;
            if (await AddAsync(unnamed) is { } hidden) return ([], hidden);
            if (pins.Count > before) break;
        }
        return (pins, null);

        async Task<PinFault?> AddAsync(IEnumerable<string> paths)
        {
            foreach (var path in paths)
                switch (await files.ReadAsync(path, cancellation))
                {
                    case FileFound.File file: pins.Add(new PinnedFile { Path = path, Target = file.Target, Digest = file.Digest }); break;
                    case FileFound.Unreadable unreadable: return Fault(path, unreadable);
                }
            return null;
        }
    }

    /// <summary>Compares what is on the disk with what is pinned.</summary>
    /// <returns>The first fault; null when every file that has to be pinned is, and is the same.</returns>
    public static async Task<PinFault?> CheckAsync(UpstreamAddress.Stdio server, IPinnedFiles files, CancellationToken cancellation)
    {
        var candidates = Candidates(server);
        // Also what is pinned beyond what has to be: who wrote it down wants it held to.
        foreach (var path in candidates.Union(server.Digests.Select(pinned => pinned.Path), StringComparer.Ordinal))
        {
            var pinned = server.Digests.FirstOrDefault(pin => pin.Path == path);
            var found = await files.ReadAsync(path, cancellation);
            if (pinned is null && path != server.Command && found is FileFound.None) continue;
            if (found is not FileFound.File file) return Fault(path, found);
            if (pinned is null) return new PinFault("file_not_pinned", path, $"{path} is read when the server starts, but its digest is not in spec.upstream.digests.");
            if (file.Target != pinned.Target) return new PinFault("file_changed", path, $"{path} leads to {file.Target} now; {pinned.Target} was registered.");
            if (file.Digest != pinned.Digest) return new PinFault("file_changed", path, $"{Named(pinned)} is not the file that was registered: it has {file.Digest} now, not {pinned.Digest}.");
        }
        return null;
    }

    private static PinFault Fault(string path, FileFound found) => found is FileFound.Unreadable { Why: var why }
        ? new PinFault("file_unreadable", path, $"{path} {why}.")
        : new PinFault("file_missing", path, $"{path} is not there, or is no regular file.");

    private static string Named(PinnedFile pinned) => pinned.Path == pinned.Target ? pinned.Path : $"{pinned.Path} ({pinned.Target})";

    /// <summary>
    /// Where an argument leads, if it is a path: <c>a/../b</c> is <c>b</c> for some programs, and what stands above the folder that <c>a</c>
    /// links to for others and the kernel. Both count.
    /// </summary>
    internal static IEnumerable<string> Absolute(string file, string folder)
    {
        if (file.Contains('\0')) return [];
        var asWritten = file.StartsWith('/') ? file : Path.Join(folder, file);
        var shortened = Path.GetFullPath(asWritten);
        return asWritten.Split('/').Contains("..") ? [shortened, asWritten] : [shortened];
    }
}
