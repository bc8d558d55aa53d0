namespace Symbolon.UnitTests.Architecture;

/// <summary>The sources that these tests look at, found from the folder of the test program upwards.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    public static string Of(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Files by pattern under a folder of the repository, build output left out, with their path from the root.</summary>
    public static IEnumerable<(string Path, string Text)> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Of(folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/node_modules/", StringComparison.Ordinal))
            .Select(file => (System.IO.Path.GetRelativePath(Root, file), File.ReadAllText(file)));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Symbolon.slnx"))) return folder.FullName;
        throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
