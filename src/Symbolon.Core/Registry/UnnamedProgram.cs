namespace Symbolon.Core.Registry;

/// <summary>
/// The files by which an interpreter runs a program whose file no argument names: <c>python folder</c> runs its <c>__main__.py</c>,
/// <c>node app</c> its <c>index.js</c>, or <c>app.js</c>.
/// </summary>
internal static class UnnamedProgram
{
    private static readonly string[] Endings = [".js", ".mjs", ".ts", ".node", "/package.json", "/index.js", "/index.ts", "/__main__.py"];

    /// <summary>For each argument that may be such a program, in their order, the files that it may begin with; only the first that has one is run.</summary>
    /// <returns>None behind an argument whose own file is pinned: that is the program, and what follows is given to it.</returns>
    public static IEnumerable<IReadOnlyList<string>> FilesOf(UpstreamAddress.Stdio server)
    {
        foreach (var argument in server.Args)
        {
            if (Launcher.TakesCode(argument)) yield break;
            if (argument.Length == 0 || argument.StartsWith('-')) continue;
            var paths = CommandPin.Absolute(argument, server.Cwd ?? UpstreamAddress.Stdio.UsualFolder).ToList();
            if (paths.Any(path => IsPinned(server, path))) yield break;
            List<string> files = [.. paths.SelectMany(path => Endings.Select(ending => path.TrimEnd('/') + ending))];
            yield return files;
            if (files.Any(file => IsPinned(server, file))) yield break;
        }
    }

    private static bool IsPinned(UpstreamAddress.Stdio server, string path) => server.Digests.Any(pinned => pinned.Path == path);
}
