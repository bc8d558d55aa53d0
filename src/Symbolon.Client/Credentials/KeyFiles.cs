namespace Symbolon.Client.Credentials;

/// <summary>Where an instance keeps its key, the one that takes its place, and what Symbolon said of it.</summary>
internal sealed record KeyFiles(string Key)
{
    public string Next => Key + ".next";

    public string Enrolled => Key + ".enrolled";

    /// <summary>What was kept, where it is an answer of this issuer.</summary>
    public EnrolledInstance? Read(string issuer) =>
        File.Exists(Enrolled) && EnrolledInstance.Read(File.ReadAllBytes(Enrolled)) is { } found && found.Issuer == issuer ? found : null;

    /// <summary>Whole or not at all; a process that was killed before it does this at its start.</summary>
    public void Swap() => File.Move(Next, Key, overwrite: true);
}
