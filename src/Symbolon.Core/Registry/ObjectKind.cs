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
    public override string ToString() => $"{Kind}/{Name}";
}
