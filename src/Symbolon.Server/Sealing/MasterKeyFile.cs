using System.Security.Cryptography;
using Symbolon.Server.Files;

namespace Symbolon.Server.Sealing;

/// <summary>Reads the master key from its file, or makes it at the first start.</summary>
internal static class MasterKeyFile
{
    /// <summary>Reads <paramref name="path"/>, which must exist: a key that an operator names is never made by us.</summary>
    /// <exception cref="MasterKeyException">Missing, not 32 bytes, or open to others than its owner.</exception>
    public static MasterKey Read(string path)
    {
        try
        {
            if (OwnerOnlyFile.IsOpenToOthers(path))
                throw new MasterKeyException($"The master key file {path} is open to others than its owner; chmod 600 it.");
            return new MasterKey(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MasterKeyException($"The master key file {path} does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MasterKeyException($"The master key file {path} cannot be read: {e.Message}", e);
        }
        catch (ArgumentException e)
        {
            throw new MasterKeyException($"The master key file {path} must hold exactly {MasterKey.Length} bytes.", e);
        }
    }

    /// <summary>Reads the key, or makes it (0600, 32 random bytes, on the disk before this returns) where there is none yet.</summary>
    /// <exception cref="MasterKeyException">As <see cref="Read"/>.</exception>
    public static MasterKey ReadOrCreate(string path)
    {
        if (!File.Exists(path)) OwnerOnlyFile.Create(path, RandomNumberGenerator.GetBytes(MasterKey.Length));
        return Read(path);
    }
}

/// <summary>The master key cannot be used; the message is for the operator and holds nothing secret.</summary>
public sealed class MasterKeyException(string message, Exception? inner = null) : Exception(message, inner);
