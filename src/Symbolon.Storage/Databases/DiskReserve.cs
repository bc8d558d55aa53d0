namespace Symbolon.Storage.Databases;

/// <summary>
/// Space that is taken while there is plenty and given back when the disk is full, so that a revocation can still be stored. Four
/// pieces of 1 MiB beside the database; each full moment of an urgent change gives back one. DESIGN.md section 6, Disk full.
/// </summary>
internal sealed class DiskReserve(string databasePath)
{
    private const int Pieces = 4;
    private const int PieceSize = 1 << 20;

    /// <summary>Below this free space nothing is taken: the reserve must not be what fills the disk.</summary>
    private const long Plenty = 64 << 20;

    /// <summary>Takes what is missing, if there is plenty. Never fails: without a reserve the store works as well.</summary>
    public void Fill()
    {
        try
        {
            if (new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(databasePath))!).AvailableFreeSpace < Plenty) return;
            foreach (var piece in All().Where(piece => !File.Exists(piece)))
            {
                using var file = new FileStream(piece, OwnFile.New);
                // Written and not only sized: a file with a hole takes no space.
                file.Write(new byte[PieceSize]);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Tried again when the store is opened the next time.
        }
    }

    /// <returns>False when there was nothing left to give.</returns>
    public bool Release()
    {
        var piece = All().FirstOrDefault(File.Exists);
        if (piece is null) return false;
        File.Delete(piece);
        return true;
    }

    private IEnumerable<string> All() => Enumerable.Range(1, Pieces).Select(number => $"{databasePath}.reserve{number}");
}
