using Symbolon.Core.Registry;

namespace Symbolon.Testing.Fakes;

/// <summary>Files in memory: links lead to paths, and a file's digest is made from its text.</summary>
public sealed class FakePinnedFiles : IPinnedFiles
{
    private readonly Dictionary<string, string> files = [];
    private readonly Dictionary<string, string> links = [];

    public HashSet<string> Unreadable { get; } = [];

    /// <summary>Files that nobody may run.</summary>
    public HashSet<string> Data { get; } = [];

    public FakePinnedFiles Put(string path, string text)
    {
        files[path] = text;
        return this;
    }

    public FakePinnedFiles Link(string path, string target)
    {
        links[path] = target;
        return this;
    }

    public void Remove(string path) => files.Remove(path);

    public static string DigestOf(string text) => "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    public Task<FileFound> ReadAsync(string path, CancellationToken cancellation)
    {
        var target = links.GetValueOrDefault(path, path);
        return Task.FromResult<FileFound>(
            Unreadable.Contains(path) ? new FileFound.Unreadable("cannot be read") : files.TryGetValue(target, out var text) ? new FileFound.File(target, DigestOf(text)) { Head = System.Text.Encoding.UTF8.GetBytes(text), IsExecutable = !Data.Contains(target) } : new FileFound.None());
    }
}
