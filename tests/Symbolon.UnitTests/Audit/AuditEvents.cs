using System.Buffers;
using System.Text;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.Policy;

namespace Symbolon.UnitTests.Audit;

/// <summary>Records for the tests of their form and chain.</summary>
internal static class AuditEvents
{
    public const long Now = 1_795_000_000_000_000;

    /// <summary>Every member is set.</summary>
    public static AuditEvent Full() => new()
    {
        Kind = AuditKind.CallIntent, Time = Now, Call = new Guid("0192f0c1-2b3c-7def-8123-456789abcdef"),
        User = "alice@example.com", Agent = "claude-code", Workflow = "ci", Initiator = "ci", Token = "tok_1", By = "admin", Peer = "127.0.0.1",
        Method = "tools/call", Server = "deploy", Tool = "rollout_status", Effect = "read", ProtocolVersion = "2026-07-28",
        Trace = "0af7651916cd43dd8448eb211c80319c", ArgumentsHmac = new byte[32], ArgumentsSize = 12, Arguments = """{"redacted":1,"value":{"namespace":"prod"}}"""u8.ToArray(), Allowed = true,
        Code = ReasonCode.NotGranted, Scope = "mcp:deploy:@read", Grant = "g", Rule = "refunds/large", Observed = "refunds/odd-hours:deny", Outcome = CallOutcome.ToolError, UpstreamStatus = 200,
        Duration = 1234, AnswerSize = 5, Count = 3, Target = "Server/deploy", Action = "approved", Reason = "because", ObjectVersion = 2,
    };

    public static AuditEvent Of(AuditKind kind, Guid? call = null, CallOutcome? outcome = null) =>
        new() { Kind = kind, Time = Now, Call = call, Outcome = outcome, Server = "deploy" };

    /// <summary>The lines of a chain, as an export has them.</summary>
    public static List<string> Chain(params IEnumerable<AuditEvent> records)
    {
        var chain = new AuditChain(OrganisationId.Default);
        var lines = new List<string>();
        foreach (var record in records) lines.Add(Append(chain, record, Now + lines.Count));
        return lines;
    }

    public static string Append(AuditChain chain, AuditEvent record, long now = Now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var length = chain.Append(buffer, record, new NodeLease("node-1", 7), now);
        Assert.Equal(buffer.WrittenCount, length);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
