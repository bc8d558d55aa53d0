namespace Symbolon.Cel.Syntax;

/// <summary>Ends reading or checking at the first place where it cannot go on.</summary>
internal sealed class SyntaxFault(int at, string code, string message) : Exception(message)
{
    public int At { get; } = at;

    public string Code { get; } = code;

    public static SyntaxFault Of(int at, string message) => new(at, CelIssueCode.Syntax, message);

    public CelIssue In(string text)
    {
        var before = text.AsSpan(0, Math.Min(At, text.Length));
        return new CelIssue(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), Code, Message);
    }
}
