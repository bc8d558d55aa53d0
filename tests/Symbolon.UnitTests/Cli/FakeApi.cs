using System.Net;
using System.Text;
using Symbolon.Cli;
using Symbolon.Cli.Invocation;

namespace Symbolon.UnitTests.Cli;

/// <summary>The admin API as far as these tests ask it, and everything else outside the commands.</summary>
internal sealed class FakeApi : HttpMessageHandler
{
    public const string Server = """{"name":"deploy","owner":"o@example.com","state":"pending","url":"http://127.0.0.1:1/mcp","pendingVersion":3,"toolCount":2,"health":"unknown","suspendedTools":0,"pending":{"url":"http://127.0.0.1:1/mcp","tools":[{"name":"look","effect":"read"},{"name":"drop","effect":"irreversible","recordedArguments":["at","by"]}]}}""";

    public StringWriter Output { get; } = new();
    public StringWriter Error { get; } = new();
    public string Url { get; init; } = "http://127.0.0.1:8750";
    public string? Token { get; init; } = "sym_adm_x";

    /// <summary>The records that the audit answers, as JSON.</summary>
    public string Records { get; init; } = "[]";

    /// <summary>What the server says against a token; null: it issues.</summary>
    public string? TokenError { get; init; }

    /// <summary>The answer to a plan.</summary>
    public string Planned { get; init; } = "[]";

    /// <summary>How many tokens a revocation ended, as JSON.</summary>
    public string LiveTokens { get; init; } = "2";
    public string RevokedLevel { get; init; } = "user";

    /// <summary>The host of the pending version is a name that leads inside.</summary>
    public bool LeadsInside { get; init; }

    /// <summary>What a person types; null: nobody is there.</summary>
    public string? Answer { get; init; }
    public List<string> Seen { get; } = [];
    public string? LastBody { get; private set; }

    public Task<int> RunAsync(string line) => CommandLine.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), Outside);

    public Outside Outside => new()
    {
        Output = Output,
        OutputStream = () => Stream.Null,
        Error = Error,
        Input = () => new MemoryStream(Encoding.UTF8.GetBytes(Answer ?? "")),
        InputIsTerminal = Answer is not null,
        OutputIsTerminal = false,
        Variable = name => name switch { "SYMBOLON_URL" => Url, "SYMBOLON_TOKEN" => Token, _ => null },
        Handler = () => this,
        Clock = TimeProvider.System,
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        Seen.Add($"{request.Method} {path}");
        if (request.Content is { } content) LastBody = await content.ReadAsStringAsync(cancellationToken);
        if (request.Headers.Authorization?.Parameter != "sym_adm_x") return Problem(401, "unauthenticated");
        return path["/api/v1/".Length..] switch
        {
            "secrets" => Json("""[{"name":"deploy","version":2,"usedBy":["deploy"],"expires":"2027-12-31"}]"""),
            "servers" => Linked($"[{Server}]", "</api/v1/servers?after=deploy>; rel=\"next\""),
            "servers?after=deploy" => Json($"[{Server}]"),
            "servers/deploy" => Json(LeadsInside ? Server.Replace("\"pending\":{", "\"pending\":{\"hostPlace\":\"inside\",\"needsInside\":true,", StringComparison.Ordinal) : Server),
            "servers?state=active" => Json("""[{"name":"shop","state":"active","health":"ok"},{"name":"idle","state":"active","health":"unknown"}]"""),
            "servers/shop" => Json("""{"name":"shop","state":"active","health":"ok"}"""),
            "servers/still" => Json("""{"name":"still","state":"active","health":"ok"}"""),
            "drift" or "drift?server=shop" => Json("""[{"server":"shop","tool":"refund","effect":"write","definition":"changed","digests":{"legacy":"sha256:1"},"listed":{"legacy":"sha256:2"},"readAt":"2027-01-01T00:00:00Z"}]"""),
            "drift?server=still" or "drift?server=deploy" => Json("[]"),
            "servers/deploy/approve" => Json("""{"name":"deploy","state":"active","approvedVersion":3}"""),
            "servers/deploy/client-config?client=codex&variable=GW" => Json("""{"client":"codex","server":"deploy","file":"~/.codex/config.toml","address":"https://gw.test/t/mcp/deploy","variable":"GW","text":"[mcp_servers.deploy]\nbearer_token_env_var = \"GW\""}"""),
            "servers/deploy/suspend" => Problem(409, "conflict"),
            "grants/forbidden" => Problem(403, "not_granted"),
            "agents/unsigned" => Problem(401, "unauthenticated"),
            "agents/broken" => Json("not json"),
            "workflows/gone" => throw new HttpRequestException("Connection refused"),
            "apply" => Json(Planned),
            "tokens" when TokenError is { } error => Json(error, 400),
            "tokens" => Json("""{"id":"tok_1","token":"sym_usr_secret","user":"a@example.com","expiresAt":"2027-01-01T00:00:00Z","servers":[],"addresses":["https://symbolon.example.com/t/mcp/deploy","http://10.1.2.3:8750/t/mcp/deploy"]}"""),
            "revocations" => Json($$"""{"level":"{{RevokedLevel}}","target":"a@example.com","notBefore":"2027-01-01T00:00:00Z","liveTokens":{{LiveTokens}},"unconfirmedNodes":["node-b"],"nodes":3,"tookMilliseconds":1004}"""),
            "agents/of-another-program" => new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("<html>") },
            var other when other.StartsWith("audit?", StringComparison.Ordinal) => Json(Records),
            _ => Problem(404, "not_found"),
        };
    }

    private static HttpResponseMessage Json(string body, int status = 200) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static HttpResponseMessage Linked(string body, string link)
    {
        var response = Json(body);
        response.Headers.Add("Link", link);
        return response;
    }

    private static HttpResponseMessage Problem(int status, string code) => Json($$"""{"title":"t","status":{{status}},"code":"{{code}}","detail":"d"}""", status);
}
