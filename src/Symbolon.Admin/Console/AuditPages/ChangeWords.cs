using System.Collections.Frozen;
using System.Globalization;

namespace Symbolon.Admin.Console.AuditPages;

/// <summary>What somebody did, or Symbolon noticed, as the end of a sentence that begins with who it was.</summary>
internal static class ChangeWords
{
    private const string Refused = " refused: ";

    private static readonly FrozenDictionary<string, string> Verbs = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["apply"] = "applied", ["approve"] = "approved", ["suspend"] = "suspended", ["resume"] = "resumed", ["retire"] = "retired", ["create"] = "created",
        ["issue"] = "issued", ["rotate"] = "rotated", ["revoke"] = "revoked", ["put secret"] = "set", ["end"] = "ended",
        ["create administrator"] = "created as administrator", ["make administrator"] = "made an administrator of", ["make member"] = "made a member of",
        ["let a command line act"] = "let", ["reset password"] = "ended the password of", ["set password by link"] = "set the password of",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Whole = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["signed in by link"] = "signed in to the console by the one-time link",
        ["signed in by token"] = "signed in to the console with the admin token",
        ["signed in by password"] = "signed in to the console with a password",
        ["signed in the command line"] = "signed in a command line",
        ["signed out"] = "signed out of the console",
        ["made a key for forms"] = "made a key for the console's forms",
        ["try the webhook"] = "tried the webhook",
        ["bound to the master key"] = "bound the store to the master key",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Of(AuditLine line) => line switch
    {
        { Kind: "drift" } => $"noticed that {Tools(line)} {Drifted(line.Action)}",
        { Kind: "upstream_dropped" } => $"dropped a message of server {line.Server}",
        { Kind: "announcement_dropped" } => string.Create(CultureInfo.InvariantCulture, $"gave up telling the webhook of {line.Count ?? 0} events"),
        { Kind: "consent", Action: "consent" or "consent remembered" } => $"let a client call tools of server {line.Server}",
        { Kind: "consent", Action: "consent refused by the person" } => $"let a client call nothing of server {line.Server}",
        { Kind: "consent", Action: "push request" } => "left a request for a person's consent",
        { Kind: "node_started" } => $"started as node {line.Target ?? line.Node}",
        { Kind: "node_stopped" } => $"stopped as node {line.Target ?? line.Node}",
        { Action: { } action } when action.IndexOf(Refused, StringComparison.Ordinal) is > 0 and var end => $"tried to {action[..end]} {Target(line)} and was refused: {action[(end + Refused.Length)..]}",
        { Kind: "revocation", Action: "revoke", Target: { } target } when Ended(target) is { } ended => $"revoked {ended}",
        { Action: { } action } when Whole.TryGetValue(action, out var whole) => whole,
        { Action: { } action } => $"{Verbs.GetValueOrDefault(action, action)} {Target(line)}".TrimEnd(),
        _ => $"{line.Kind.Replace('_', ' ')} {Target(line)}".TrimEnd(),
    };

    private static string Tools(AuditLine line) => (line.Tool, line.Count) switch
    {
        ({ } tool, _) => $"{tool} on {line.Server}",
        (null, { } count) => $"{count} tools on {line.Server}",
        _ => $"a tool on {line.Server}",
    };

    private static string Drifted(string? action) => action switch
    {
        "vanished" => "vanished",
        "back" => "is as it was reviewed again",
        _ => "changed after the review",
    };

    /// <summary>What a revocation ended that was aimed at more than one token.</summary>
    private static string? Ended(string target) => target.Split('/', 2) switch
    {
        ["User" or "Agent" or "Workflow", var name] => $"everything that was issued to {name}",
        ["Server", var name] => $"every token for server {name}",
        ["Organisation", ..] => "everything that was issued",
        _ => null,
    };

    /// <summary><c>Server/orders</c> is server orders; what is no object stays as it is.</summary>
    private static string Target(AuditLine line) => line.Target switch
    {
        null => line.Server is { } server ? $"server {server}" : "",
        "Token" => "a token",
        [>= 'A' and <= 'Z', ..] and var target when target.Split('/', 2) is [var kind, var name] => $"{kind.ToLowerInvariant()} {name}",
        var target => target,
    };
}
