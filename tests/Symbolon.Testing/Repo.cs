namespace Symbolon.Testing;

/// <summary>Where this checkout lies.</summary>
public static class Repo
{
    /// <summary>The folder that holds <c>Symbolon.slnx</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>A path below the root, in its parts.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Symbolon.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException($"No Symbolon.slnx above {AppContext.BaseDirectory}.");
    }
}
