using System.Security.Cryptography;
using System.Text.Json;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy.Rules;
using Symbolon.Gateway.Mcp;

namespace Symbolon.Gateway.Policies;

/// <summary>What a decision point is asked: <c>{"input": {…}}</c>, with the words that rules have.</summary>
/// <param name="Tool">Null for prompts and resources.</param>
/// <param name="Target">The prompt or resource; null for a tool.</param>
internal sealed record DecisionQuestion(ServerName Server, TokenRecord Caller, RuleCall Call, string? Tool, string? Target)
{
    /// <param name="withMoment">Time and trace, which are different each time.</param>
    public byte[] Write(bool withMoment)
    {
        var to = new ByteBuffer();
        using (var json = new Utf8JsonWriter(to))
        {
            json.WriteStartObject();
            json.WriteStartObject("input"u8);
            json.WriteString("org"u8, Caller.Organisation.Value);
            json.WriteString("server"u8, Server.Value);
            if (Tool is not null) json.WriteString("tool"u8, Tool);
            if (Target is not null) json.WriteString("target"u8, Target);
            WriteCaller(json);
            json.WriteStartArray("sessionFlags"u8);
            foreach (var flag in Call.SessionFlags ?? []) json.WriteStringValue(flag);
            json.WriteEndArray();
            if (Call.Grant is { } grant) json.WriteString("grant"u8, grant);
            if (withMoment)
            {
                json.WriteString("time"u8, DateTimeOffset.UnixEpoch.AddMicroseconds(Call.Time));
                if (Call.Trace is { } trace) json.WriteString("trace"u8, trace);
            }
            if (Call.Address is { } address) json.WriteString("ip"u8, address.ToString());
            json.WritePropertyName("args"u8);
            // As the client wrote them and the server gets them: the strict scan has accepted them.
            if (Call.Arguments is { Count: > 0 } arguments) json.WriteRawValue(arguments.AsSpan(), skipInputValidation: true);
            else json.WriteRawValue("{}"u8);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return to.Span.ToArray();
    }

    /// <summary>The same for the same question: what an answer may be kept under.</summary>
    public string Digest() => Convert.ToHexString(SHA256.HashData(Write(withMoment: false)));

    private void WriteCaller(Utf8JsonWriter json)
    {
        json.WriteStartObject("caller"u8);
        if (Caller.Holder.User is { } user) json.WriteString("user"u8, user.Value);
        if (Caller.Holder.Agent is { } agent) json.WriteString("agent"u8, agent.Value);
        if (Caller.Holder.Workflow is { } workflow) json.WriteString("workflow"u8, workflow.Value);
        if (Caller.OAuth?.Client is { } client) json.WriteString("client"u8, client.Value);
        json.WriteString("token"u8, Caller.Id.Value);
        json.WriteEndObject();
    }
}
