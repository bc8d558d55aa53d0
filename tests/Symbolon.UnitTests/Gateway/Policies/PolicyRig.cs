using System.Text.Json;
using Symbolon.Core.Registry.Files;
using Symbolon.Testing.Gateway;

namespace Symbolon.UnitTests.Gateway.Policies;

/// <summary>What tests of policies put into a <see cref="GatewayRig"/>.</summary>
internal static class PolicyRig
{
    /// <summary>Applies the policy <c>p</c> with these rules.</summary>
    public static void Hold(this GatewayRig rig, string rules)
    {
        var reading = DocumentReader.Read(JsonDocument.Parse($$$"""{"apiVersion":"symbolon/v1","kind":"Policy","metadata":{"name":"p"},"spec":{"rules":[{{{rules}}}]}}""").RootElement);
        rig.Apply(reading.Document is Document.Policy { Object: var policy } ? policy : throw new InvalidOperationException(string.Join('\n', reading.Errors)));
    }

    public static void Reply(this GatewayRig rig, string member) => rig.Upstream.Answer = request => ScriptedUpstream.Json($$"""{"jsonrpc":"2.0","id":{{request.Id}},{{member}}}""");

    /// <summary>Null for a call that was let through.</summary>
    public static string? CodeOf(this GatewayRig.Answered answer) =>
        answer.Json.TryGetProperty("error", out _) ? answer.ErrorCode : answer.Result.TryGetProperty("_meta", out _) ? answer.Refusal.GetProperty("code").GetString() : null;
}
