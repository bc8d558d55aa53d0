using System.Net;
using System.Text;
using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;
using Symbolon.Core.Policy.Rules;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.UnitTests.Policy.Rules;

/// <summary>Two servers and whatever policies a test writes, read as files are.</summary>
internal static class RuleStage
{
    private const string Servers = """
        [{"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"payments","owner":"pay@example.com","labels":{"env":"prod"}},"spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:1/mcp"},"tools":[
           {"name":"refund","effect":"write","flags":["financial"],"inputSchema":{"type":"object","required":["amount"],"properties":{"amount":{"type":"number","minimum":0},"currency":{"enum":["EUR","USD"],"type":"string"},"note":{"type":"string"},"count":{"type":"integer"},
             "tags":{"type":"array","items":{"type":"string"}},"to":{"type":"object","properties":{"iban":{"type":"string"}}},"force":{"type":"boolean"},
             "maybe":{"type":["boolean","null"]},"either":{"anyOf":[{"type":"boolean"},{"type":"null"}]},"switches":{"type":"object","additionalProperties":{"type":"boolean"}},"alias":{"$ref":"#/$defs/flag"}},"$defs":{"flag":{"type":"boolean"}}}},
           {"name":"balance","effect":"read","inputSchema":{"type":"object","properties":{"account":{"type":"string"}}}},
           {"name":"wipe","effect":"irreversible"}]}},
         {"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"files","owner":"files@example.com","labels":{"env":"test"}},"spec":{"upstream":{"transport":"http","url":"http://127.0.0.1:1/mcp"},"tools":[
           {"name":"read","effect":"read","flags":["sensitive"],"inputSchema":{"type":"object","properties":{"path":{"type":"string"}}}}]}},
         {"apiVersion":"symbolon/v1","kind":"Server","metadata":{"name":"notes","owner":"notes@example.com"},"spec":{"upstream":{"transport":"stdio","command":"/usr/bin/notes","digests":[{"path":"/usr/bin/notes","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000"}]},"tools":[{"name":"list","effect":"read"}]}}]
        """;

    public static readonly IReadOnlyList<(ServerName Name, ServerManifest Manifest)> Manifests =
        [.. JsonDocument.Parse(Servers).RootElement.EnumerateArray().Select(server => (Document.Server)DocumentReader.Read(server).Document!).Select(server => (server.Name, server.Manifest))];

    /// <param name="spec">What is in <c>spec</c>, without the braces around it.</param>
    public static PolicyObject Policy(string spec, string name = "p")
    {
        var reading = DocumentReader.Read(JsonDocument.Parse($$$"""{"apiVersion":"symbolon/v1","kind":"Policy","metadata":{"name":"{{{name}}}"},"spec":{{{{spec}}}}}""").RootElement);
        return reading.Document is Document.Policy { Object: var policy } ? policy : throw new InvalidOperationException(string.Join('\n', reading.Errors));
    }

    /// <param name="what"><c>payments/refund</c>, <c>payments/prompt:greet</c>, <c>files/resource:file:///a</c>.</param>
    public static RuleTarget Target(string what, out string? named)
    {
        var (server, name) = (what[..what.IndexOf('/', StringComparison.Ordinal)], what[(what.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        var (_, manifest) = Manifests.Single(each => each.Name.Value == server);
        named = name.StartsWith("prompt:", StringComparison.Ordinal) ? name[7..] : name.StartsWith("resource:", StringComparison.Ordinal) ? name[9..] : null;
        return named is null ? RuleTarget.Of(new ServerName(server), manifest, manifest.Tools.Single(tool => tool.Name.Value == name))
            : name[0] == 'p' ? RuleTarget.OfPrompts(new ServerName(server), manifest) : RuleTarget.OfResources(new ServerName(server), manifest);
    }

    /// <param name="who"><c>alice+bot+ci</c>, <c>+bot</c>, <c>alice{finance,ops}</c>.</param>
    public static RuleCaller Caller(string who)
    {
        var groups = who.Contains('{', StringComparison.Ordinal) ? who[(who.IndexOf('{', StringComparison.Ordinal) + 1)..who.IndexOf('}', StringComparison.Ordinal)].Split(',') : [];
        var parts = (who.Contains('{', StringComparison.Ordinal) ? who[..who.IndexOf('{', StringComparison.Ordinal)] + who[(who.IndexOf('}', StringComparison.Ordinal) + 1)..] : who).Split('+');
        return new RuleCaller("default", parts[0].Length == 0 ? null : $"{parts[0]}@example.com", parts.ElementAtOrDefault(1) is { Length: > 0 } agent ? agent : null, parts.ElementAtOrDefault(2), null, groups);
    }

    public static RuleCall Call(string what, string who, string? arguments, params string[] flags)
    {
        var call = new RuleCall().Begin(Target(what, out var named), Caller(who), named, arguments is null ? (ArraySegment<byte>?)null : new ArraySegment<byte>(Encoding.UTF8.GetBytes(arguments)));
        call.SessionFlags = flags;
        // A Monday, at noon.
        call.Time = DateTimeOffset.Parse("2026-11-23T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() * 1000;
        call.Address = IPAddress.Parse("10.1.2.3");
        return call;
    }

    /// <summary><c>allow</c>, <c>allow p/r</c>, <c>deny p/r</c>, <c>error p/r</c>; then what observing rules said.</summary>
    public static string Shown(RuleVerdict verdict)
    {
        var decision = verdict.Refusal switch
        {
            null => "allow",
            ReasonCode.PolicyError => "error",
            _ => "deny",
        };
        return decision + (verdict.Rule is { } rule ? $" {rule}" : "") + (verdict.Observed is { } observed ? $" ({observed})" : "") + string.Concat(verdict.Demands.Select(demand => $" +{demand.Id}"));
    }
}
