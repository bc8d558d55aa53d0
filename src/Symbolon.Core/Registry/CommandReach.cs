namespace Symbolon.Core.Registry;

/// <summary>
/// Finds the files that decide what a command runs, as they are on the disk now: the command; what a first line <c>#!</c> names, and what
/// <c>env</c> and the like find on the PATH; every argument of a <see cref="Launcher"/> that is a file, or is a program by its name; and the
/// program that an interpreter finds without one: <c>python folder</c> runs its <c>__main__.py</c>, <c>node app</c> its <c>index.js</c>,
/// <c>app.js</c>, or what its <c>package.json</c> names.
/// </summary>
internal sealed class CommandReach(UpstreamAddress.Stdio server, IPinnedFiles files, CancellationToken cancellation)
{
    /// <summary>Scripts that are run by scripts; the kernel follows fewer.</summary>
    private const int Deepest = 6;

    private const string Manifest = "/package.json";

    private static readonly string[] Endings = [".js", ".mjs", ".cjs", ".ts", ".node", Manifest, "/index.js", "/index.ts", "/__main__.py"];

    private static readonly string[] NamedEndings = ["", ".js", ".mjs", ".cjs", ".ts", ".json", ".node", "/index.js", "/index.ts", "/index.json", "/index.node"];

    private readonly List<(string Path, FileFound.File File)> found = [];

    /// <summary>Each path once, the command's first.</summary>
    public IReadOnlyList<(string Path, FileFound.File File)> Found => found;

    /// <returns>The fault at which it stopped, behind what was found before.</returns>
    public async Task<PinFault?> WalkAsync()
    {
        var first = await files.ReadAsync(server.Command, cancellation);
        if (first is not FileFound.File command) return PinFault.Of(server.Command, first);
        found.Add((server.Command, command));
        // A link with another name leads to a launcher as well.
        return await FollowAsync(command, 0)
            ?? await WordsAsync(server.Args, Leads(Launcher.Is), Leads(Launcher.Starts), 0)
            ?? (Leads(Launcher.Is) && !Leads(Launcher.Fetches) ? await UnnamedAsync() : null);

        bool Leads(Func<string, bool> to) => to(server.Command) || to(command.Target);
    }

    internal static string FolderOf(UpstreamAddress.Stdio server) => server.Cwd ?? UpstreamAddress.Stdio.UsualFolder;

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

    /// <summary>Whether an interpreter that is given <paramref name="file"/> may find the other.</summary>
    internal static bool IsFoundBy(string file, string path) => Endings.Any(ending => path == file.TrimEnd('/') + ending);

    /// <summary>What the kernel runs in the place of a file that begins with <c>#!</c>.</summary>
    private async Task<PinFault?> FollowAsync(FileFound.File program, int depth)
    {
        if (depth == Deepest || InterpreterLine.In(program.Head.Span) is not { } line) return null;
        var path = Absolute(line.Program, FolderOf(server)).Last();
        var interpreter = await files.ReadAsync(path, cancellation);
        if (interpreter is not FileFound.File file) return PinFault.Of(path, interpreter);
        Add(path, file);
        return await FollowAsync(file, depth + 1)
            ?? await WordsAsync(line.Words, isLauncher: true, Launcher.Starts(line.Program) || Launcher.Starts(file.Target), depth + 1);
    }

    /// <param name="starts">The words before name a program that starts another, so that these are looked up on the PATH and run by the kernel.</param>
    private async Task<PinFault?> WordsAsync(IReadOnlyList<string> words, bool isLauncher, bool starts, int depth)
    {
        foreach (var word in words)
        {
            if (Launcher.FileIn(word) is not { } file || !isLauncher && !Launcher.IsProgramByName(file)) continue;
            foreach (var path in Absolute(file, FolderOf(server)))
                if (await AddAsync(path, starts, depth) is { } fault) return fault;
            if (starts && !word.Contains('/') && !word.StartsWith('-') && !word.Contains('=') && await FindOnPathAsync(word, depth) is { } hidden) return hidden;
        }
        return null;
    }

    private async Task<PinFault?> FindOnPathAsync(string name, int depth)
    {
        if (name.Contains('\0')) return null;
        foreach (var folder in ProcessEnvironment.FoldersOf(server))
            switch (await files.ReadAsync(Path.Join(folder, name), cancellation))
            {
                case FileFound.File { IsExecutable: true } file:
                    Add(Path.Join(folder, name), file);
                    return await FollowAsync(file, depth);
                case FileFound.Unreadable unreadable:
                    return PinFault.Of(Path.Join(folder, name), unreadable);
            }
        return null;
    }

    private async Task<PinFault?> UnnamedAsync()
    {
        var isLoaded = false;
        foreach (var argument in server.Args)
        {
            if (Launcher.TakesCode(argument)) return null;
            // The value of an option that loads code is no program: that comes behind it.
            var (file, loads) = (Launcher.FileIn(argument), isLoaded || Launcher.FileIn(argument) != argument);
            isLoaded = Launcher.Loads(argument);
            if (file is null || file.StartsWith('-')) continue;
            var paths = Absolute(file, FolderOf(server)).ToList();
            var before = found.Count;
            if (paths.Any(IsFound))
            {
                if (loads) continue;
                // That is the program; what follows is given to it.
                return null;
            }
            foreach (var path in paths.SelectMany(path => Endings.Select(ending => path.TrimEnd('/') + ending)))
                if ((await AddAsync(path, isRun: false, 0) ?? await NamedByAsync(path)) is { } fault) return fault;
            if (found.Count > before && !loads) return null;
        }
        return null;
    }

    /// <summary>The files that a <c>package.json</c> says its program begins with.</summary>
    private async Task<PinFault?> NamedByAsync(string path)
    {
        if (!path.EndsWith(Manifest, StringComparison.Ordinal) || found.FirstOrDefault(each => each.Path == path).File is not { } file) return null;
        if (PackageManifest.Entries(file.Head.Span) is not { } entries) return PinFault.Of(path, new FileFound.Unreadable("is no JSON, or is larger than 64 KiB"));
        foreach (var entry in entries)
            foreach (var ending in NamedEndings)
                if (await AddAsync(Path.GetFullPath(Path.Join(path[..^Manifest.Length], entry.TrimEnd('/'))) + ending, isRun: false, 0) is { } fault) return fault;
        return null;
    }

    /// <summary>Where there is a file, it is found; where there is none, nothing is said.</summary>
    private async Task<PinFault?> AddAsync(string path, bool isRun, int depth)
    {
        if (IsFound(path)) return null;
        switch (await files.ReadAsync(path, cancellation))
        {
            case FileFound.File file:
                Add(path, file);
                return isRun ? await FollowAsync(file, depth) : null;
            case FileFound.Unreadable unreadable:
                return PinFault.Of(path, unreadable);
            default:
                return null;
        }
    }

    private void Add(string path, FileFound.File file)
    {
        if (!IsFound(path)) found.Add((path, file));
    }

    private bool IsFound(string path) => found.Any(each => each.Path == path);
}
