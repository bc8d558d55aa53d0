namespace Symbolon.Core.Registry;

/// <summary>The kinds of reviewed object that files and the store hold. Their text is the <c>kind</c> of the files.</summary>
public enum ObjectKind
{
    Organisation,
    Server,
    Agent,
    Workflow,
    Grant,
}

/// <summary>Names one object of an organisation.</summary>
public readonly record struct ObjectKey(ObjectKind Kind, string Name)
{
    /// <summary>As a sentence names it: <c>agent release-bot</c>.</summary>
    public string InWords => $"{Kind.ToString().ToLowerInvariant()} {Name}";

    public override string ToString() => $"{Kind}/{Name}";
}
