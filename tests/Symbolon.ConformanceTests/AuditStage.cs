using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Core.Audit;
using Symbolon.Core.Policy;

namespace Symbolon.ConformanceTests;

/// <summary>A server whose audit holds what a test puts there, and somebody who is signed in to its console.</summary>
internal sealed partial class AuditStage : IAsyncDisposable
{
    /// <summary>2026-11-20T14:33:51.744Z.</summary>
    public const long Time = 1_795_185_231_744_000;

    private AuditStage(RunningServer server)
    {
        Server = server;
        Browser = new Browser(server);
    }

    public RunningServer Server { get; }
    public Browser Browser { get; }
    public IAuditStore Store => Server.Host.Services.GetRequiredService<IAuditStore>();

    public static async Task<AuditStage> StartAsync()
    {
        var stage = new AuditStage(await RunningServer.StartAsync());
        await stage.Browser.SignInAsync();
        return stage;
    }

    /// <returns>The number of the last record.</returns>
    public async Task<long> AppendAsync(params AuditEvent[] records)
    {
        var log = Server.Host.Services.GetRequiredService<IAuditLog>();
        foreach (var record in records) log.Append(record);
        foreach (var record in records) Assert.True(await record.Durable());
        return (await Store.HeadAsync(records[0].Organisation, TestContext.Current.CancellationToken)).Seq;
    }

    public static AuditEvent Intent(Guid call, Action<AuditEvent>? change = null)
    {
        var record = Half(call, AuditKind.CallIntent);
        record.Method = "tools/call";
        record.Effect = "write";
        record.Initiator = "alice@example.com";
        record.ProtocolVersion = "2025-11-25";
        record.Trace = "0af7651916cd43dd8448eb211c80319c";
        record.Allowed = true;
        (record.Scope, record.Grant) = ("mcp:shop:change", "bot-shop");
        (record.ArgumentsSize, record.ArgumentsHmac) = (44, new byte[32]);
        change?.Invoke(record);
        return record;
    }

    public static AuditEvent Outcome(Guid call, CallOutcome outcome = CallOutcome.Completed, ReasonCode? code = null, Action<AuditEvent>? change = null)
    {
        var record = Half(call, AuditKind.CallOutcome);
        (record.Outcome, record.Code, record.Duration, record.AnswerSize) = (outcome, code, 640_000, 1234);
        change?.Invoke(record);
        return record;
    }

    public static AuditEvent[] Call(Action<AuditEvent>? change = null)
    {
        var call = Guid.CreateVersion7();
        return [Intent(call, change), Outcome(call, change: change)];
    }

    public async Task<string> PageAsync(string path)
    {
        using var answer = await Browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The numbers of a page's rows, from top to bottom.</summary>
    public static List<long> Rows(string page) =>
        [.. Row().Matches(page).Select(match => long.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Where a link of a page leads; null where there is none.</summary>
    public static string? LinkOf(string page, string words) =>
        Regex.Match(page, $"href=\"([^\"]*)\"[^>]*>{Regex.Escape(words)}") is { Success: true } found ? WebUtility.HtmlDecode(found.Groups[1].Value) : null;

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Server.DisposeAsync();
    }

    private static AuditEvent Half(Guid call, AuditKind kind) => new()
    {
        Kind = kind, Call = call, Time = Time, User = "alice@example.com", Agent = "release-bot", Token = "tok_0123456789abcdefghij", Server = "shop", Tool = "change",
    };

    [GeneratedRegex(" id=\"r([0-9]+)\"")]
    private static partial Regex Row();
}
