namespace Symbolon.Core.Registry;

/// <summary>
/// What the approval of a stdio server pins beside the argument vector: the files of <see cref="CommandReach"/>. Asked when the server is
/// drafted, when it is approved and before each start. What such a file loads in its turn is not pinned. DESIGN.md section 4, Reviews.
/// </summary>
public static class CommandPin
{
    /// <summary>Reads what has to be pinned as it is now.</summary>
    /// <returns>The pins, and the first fault, with which nothing can be registered.</returns>
    public static async Task<(IReadOnlyList<PinnedFile> Pins, PinFault? Fault)> TakeAsync(UpstreamAddress.Stdio server, IPinnedFiles files, CancellationToken cancellation)
    {
        var reach = new CommandReach(server, files, cancellation);
        return await reach.WalkAsync() is { } fault
            ? ([], fault)
            : ([.. reach.Found.Select(each => new PinnedFile { Path = each.Path, Target = each.File.Target, Digest = each.File.Digest })], null);
    }

    /// <summary>Compares what is on the disk with what is pinned.</summary>
    /// <returns>The first fault; null when every file that has to be pinned is, and is the same.</returns>
    public static async Task<PinFault?> CheckAsync(UpstreamAddress.Stdio server, IPinnedFiles files, CancellationToken cancellation)
    {
        var reach = new CommandReach(server, files, cancellation);
        var fault = await reach.WalkAsync();
        foreach (var (path, file) in reach.Found)
            if (Compare(server, path, file) is { } difference) return difference;
        if (fault is not null) return fault;
        // Also what is pinned beyond what has to be: who wrote it down wants it held to.
        foreach (var pinned in server.Digests.Where(pinned => reach.Found.All(each => each.Path != pinned.Path)))
        {
            var found = await files.ReadAsync(pinned.Path, cancellation);
            if (found is not FileFound.File file) return PinFault.Of(pinned.Path, found);
            if (Compare(server, pinned.Path, file) is { } difference) return difference;
        }
        return null;
    }

    /// <summary>Whether the registration itself names a path: its pins, its command, or what an argument may lead to. Nothing is read.</summary>
    public static bool Names(UpstreamAddress.Stdio server, string path) =>
        path == server.Command || server.Digests.Any(pinned => pinned.Path == path)
        || server.Args.Select(Launcher.FileIn).OfType<string>().SelectMany(file => CommandReach.Absolute(file, CommandReach.FolderOf(server))).Any(file => file == path || CommandReach.IsFoundBy(file, path));

    private static PinFault? Compare(UpstreamAddress.Stdio server, string path, FileFound.File file)
    {
        var pinned = server.Digests.FirstOrDefault(pin => pin.Path == path);
        if (pinned is null) return new PinFault("file_not_pinned", path, $"{path} is read when the server starts, but its digest is not in spec.upstream.digests.");
        if (file.Target != pinned.Target) return new PinFault("file_changed", path, $"{path} leads to {file.Target} now; {pinned.Target} was registered.");
        return file.Digest == pinned.Digest
            ? null
            : new PinFault("file_changed", path, $"{Named(pinned)} is not the file that was registered: it has {file.Digest} now, not {pinned.Digest}.");
    }

    private static string Named(PinnedFile pinned) => pinned.Path == pinned.Target ? pinned.Path : $"{pinned.Path} ({pinned.Target})";
}
