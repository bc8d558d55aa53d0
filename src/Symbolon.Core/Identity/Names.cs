namespace Symbolon.Core.Identity;

/// <summary>Identifies the tenant. Every stored row and every cache key carries it. DESIGN.md section 4, Names.</summary>
public readonly record struct OrganisationId(string Value)
{
    /// <summary>The organisation without a path prefix, whose issuer is the origin itself.</summary>
    public static readonly OrganisationId Default = new("default");

    public override string ToString() => Value;
}

/// <summary>A registered MCP server: <c>[a-z][a-z0-9-]{0,30}</c>.</summary>
public readonly record struct ServerName(string Value)
{
    public const string Rule = "a lower-case letter, then up to 30 lower-case letters, digits or '-'";

    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 31 && char.IsAsciiLetterLower(text[0]) && !text[1..].ContainsAnyExcept(NameCharacters.Server);

    public override string ToString() => Value;
}

/// <summary>A tool as its server names it: <c>[A-Za-z0-9_.-]{1,128}</c>, compared ordinally.</summary>
public readonly record struct ToolName(string Value)
{
    public const string Rule = "1 to 128 of A-Z, a-z, 0-9, '_', '.' and '-'";

    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 128 && !text.ContainsAnyExcept(NameCharacters.Tool);

    public override string ToString() => Value;
}

/// <summary>An agent, workflow, grant, policy, resource or issuer: <c>[a-z0-9][a-z0-9._-]{0,62}</c>.</summary>
public static class ObjectName
{
    public const string Rule = "a lower-case letter or digit, then up to 62 lower-case letters, digits, '.', '_' or '-'";

    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(text[0]) && !text.ContainsAnyExcept(NameCharacters.Object);
}

public readonly record struct AgentName(string Value)
{
    public override string ToString() => Value;
}

public readonly record struct WorkflowName(string Value)
{
    public override string ToString() => Value;
}

public readonly record struct GrantName(string Value)
{
    public override string ToString() => Value;
}

public readonly record struct PolicyName(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Of an object of <c>kind: Resource</c>, not of the resources that it describes.</summary>
public readonly record struct ResourceName(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Of an object of <c>kind: Issuer</c>, not the <c>iss</c> of its tokens.</summary>
public readonly record struct IssuerName(string Value)
{
    public override string ToString() => Value;
}

internal static class NameCharacters
{
    public static readonly System.Buffers.SearchValues<char> Server =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static readonly System.Buffers.SearchValues<char> Tool =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    public static readonly System.Buffers.SearchValues<char> Object =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");
}
