using Symbolon.Client.Keys;

namespace Symbolon.Client.Credentials;

/// <summary>Where an instance keeps its key, the one that takes its place, and what Symbolon said of it.</summary>
internal sealed record KeyFiles(string Key)
{
    public string Next => Key + ".next";

    public string Enrolled => Key + ".enrolled";

    /// <summary>Held while one key takes the place of another.</summary>
    public Task<KeyFileLock> LockAsync(CancellationToken cancellation) => KeyFileLock.TakeAsync(Key + ".lock", cancellation);

    /// <summary>What was kept, where it is an answer of this issuer.</summary>
    public EnrolledInstance? Read(string issuer) =>
        File.Exists(Enrolled) && EnrolledInstance.Read(File.ReadAllBytes(Enrolled)) is { } found && found.Issuer == issuer ? found : null;

    /// <summary>The key that lies there enrolled, where it is not this one: another process that shares the file has replaced it.</summary>
    public (InstanceKey Key, EnrolledInstance Enrolled)? ReadOther(string issuer, string thumbprint)
    {
        if (Read(issuer) is not { } enrolled || enrolled.Key == thumbprint || !File.Exists(Key)) return null;
        var key = InstanceKey.Open(Key);
        if (key.Thumbprint == enrolled.Key) return (key, enrolled);
        key.Dispose();
        return null;
    }

    /// <summary>The next key, once Symbolon has taken it, is the key: whole or not at all. A process that was killed in the middle does this at its start.</summary>
    public void Keep(EnrolledInstance taken)
    {
        taken.Save(Enrolled);
        Swap();
    }

    /// <summary>Finishes what a process before this one has begun.</summary>
    public async Task FinishAsync(string issuer, CancellationToken cancellation)
    {
        if (!File.Exists(Next)) return;
        using var mine = await LockAsync(cancellation);
        if (!File.Exists(Next)) return;
        using var next = InstanceKey.Open(Next);
        if (Read(issuer)?.Key == next.Thumbprint) Swap();
    }

    private void Swap() => File.Move(Next, Key, overwrite: true);
}
