namespace Symbolon.Core.Registry;

/// <summary>The kinds of reviewed object that files and the store hold. Their text is the <c>kind</c> of the files.</summary>
public enum ObjectKind
{
    Organisation,
    Server,
    Agent,
    Workflow,
    Grant,
    Policy,
    Resource,
    Issuer,

    /// <summary>A registered OAuth client; in no file.</summary>
    Client,

    /// <summary>The one <see cref="Keys.SigningKeyRing"/>; in no file.</summary>
    SigningKeys,

    /// <summary>The <see cref="ServerKeysObject"/> of a server; in no file.</summary>
    ServerKeys,
}

/// <summary>Names one object of an organisation.</summary>
public readonly record struct ObjectKey(ObjectKind Kind, string Name)
{
    /// <summary>The key ring of an organisation.</summary>
    public static readonly ObjectKey SigningKeys = new(ObjectKind.SigningKeys, "ring");

    /// <summary>As a sentence names it: <c>agent release-bot</c>.</summary>
    public string InWords => $"{Kind.ToString().ToLowerInvariant()} {Name}";

    public override string ToString() => $"{Kind}/{Name}";
}
