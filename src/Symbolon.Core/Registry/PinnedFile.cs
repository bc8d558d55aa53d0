namespace Symbolon.Core.Registry;

/// <summary>One file that a stdio server's approval holds to.</summary>
public sealed record PinnedFile
{
    /// <summary>Absolute path as the command, an argument or another pinned file leads to it.</summary>
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
    public sealed record File(string Target, string Digest) : FileFound
    {
        /// <summary>Bytes of <see cref="Head"/>. 64 KiB.</summary>
        public const int MostHead = 64 * 1024;

        /// <summary>What it begins with, of the same bytes that the digest is of: all of a file that is no longer than <see cref="MostHead"/>.</summary>
        public ReadOnlyMemory<byte> Head { get; init; }

        /// <summary>Whether anybody may run it.</summary>
        public bool IsExecutable { get; init; }
    }

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
public sealed record PinFault(string Code, string Path, string Message)
{
    public static PinFault Of(string path, FileFound found) => found is FileFound.Unreadable { Why: var why }
        ? new PinFault("file_unreadable", path, $"{path} {why}.")
        : new PinFault("file_missing", path, $"{path} is not there, or is no regular file.");
}
