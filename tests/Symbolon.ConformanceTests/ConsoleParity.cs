namespace Symbolon.ConformanceTests;

/// <summary>What a page or form of the console shows or does, as the admin API and the command line have it.</summary>
/// <param name="Route">Method and pattern, as the program maps it.</param>
/// <param name="Api">The API's routes, below <c>/api/v1</c>.</param>
/// <param name="Commands">The commands without <c>symbolon</c>.</param>
internal sealed record ParityRow(string Route, string[] Api, string[] Commands);

/// <summary>DESIGN.md section 4, Command line: what a page can do, a command can. Whoever adds a page adds its line here.</summary>
internal static class ConsoleParity
{
    public static readonly IReadOnlyList<ParityRow> Rows =
    [
        new("GET /", ["GET /overview"], ["overview"]),
        new("GET /servers", ["GET /servers"], ["server list"]),
        new("GET /exchange", ["GET /exchange"], ["server exchange"]),
        new("GET /servers/{name}", ["GET /servers/{name}", "GET /servers/{name}/tools", "GET /access", "GET /drift", "GET /audit", "GET /servers/{name}/keys", "GET /history/{kind}/{name}", "GET /history/{kind}/{name}/{version}"],
            ["server show", "tool list", "access", "server drift", "audit query", "server keys", "history"]),
        new("POST /servers/{name}/rotate", ["POST /servers/{name}/rotate"], ["server rotate"]),
        new("POST /servers/{name}/keys/{thumbprint}/revoke", ["DELETE /servers/{name}/keys/{thumbprint}"], ["server keys"]),
        new("POST /servers/{name}/approve", ["POST /servers/{name}/approve"], ["server approve"]),
        new("POST /servers/{name}/suspend", ["POST /servers/{name}/suspend"], ["server suspend"]),
        new("POST /servers/{name}/resume", ["POST /servers/{name}/resume"], ["server resume"]),
        new("POST /servers/{name}/rollback", ["POST /history/{kind}/{name}/rollback"], ["rollback"]),
        new("GET /reviews", ["GET /reviews"], ["review list"]),
        new("GET /reviews/{name}", ["GET /reviews/{name}"], ["review show"]),
        new("POST /reviews/{name}/approve", ["POST /reviews/{name}/approve"], ["review approve"]),
        new("POST /reviews/{name}/reject", ["POST /reviews/{name}/reject"], ["review reject"]),
        new("POST /servers/{name}/retire", ["POST /servers/{name}/retire"], ["server retire"]),
        new("GET /policies", ["GET /policies"], ["policy list"]),
        new("GET /new-policy", ["POST /apply"], ["plan", "apply"]),
        new("POST /new-policy", ["POST /apply"], ["plan", "apply"]),
        new("GET /policies/{name}", ["GET /policies/{name}", "GET /policies/{name}/tests", "GET /policies/hits", "GET /history/{kind}/{name}", "GET /history/{kind}/{name}/{version}", "GET /export"], ["policy show", "policy test", "policy hits", "history", "export"]),
        new("GET /simulate", ["POST /policies/simulate"], ["policy simulate"]),
        new("POST /simulate", ["POST /policies/simulate"], ["policy simulate"]),
        new("POST /policies/{name}/file", ["POST /apply"], ["plan", "apply"]),
        new("POST /policies/{name}/rollback", ["POST /history/{kind}/{name}/rollback"], ["rollback"]),
        new("POST /policies/{name}/retire", ["POST /policies/{name}/retire"], ["policy retire"]),
        new("GET /people", ["GET /users", "GET /agents", "GET /workflows"], ["user list", "agent list", "workflow list"]),
        new("GET /people/new", ["POST /users"], ["user add"]),
        new("POST /people/new", ["POST /users"], ["user add"]),
        .. Of("users", "user", ["suspend", "resume", "reset", "role"]),
        .. Ends("/people/users/{name}"),
        .. Ends("/clients/{name}"),
        .. Of("agents", "agent", ["suspend", "resume", "retire"]),
        .. Of("workflows", "workflow", ["suspend", "resume", "retire"]),
        new("GET /tokens", ["GET /tokens"], ["token list"]),
        new("GET /tokens/issue", ["POST /tokens", "GET /servers", "GET /grants"], ["token issue", "server list", "grant list"]),
        new("POST /tokens/issue", ["POST /tokens", "GET /servers/{name}/client-config"], ["token issue", "client config"]),
        new("GET /tokens/{id}", ["GET /tokens/{id}", "GET /tokens/{id}/tools", "GET /audit"], ["token show", "audit query"]),
        new("GET /tokens/{id}/first-call", ["GET /audit/tail"], ["audit tail"]),
        new("POST /tokens/{id}/rotate", ["POST /tokens/{id}/rotate"], ["token rotate"]),
        new("POST /tokens/{id}/revoke", ["POST /tokens/{id}/revoke"], ["token revoke"]),
        new("GET /audit", ["GET /audit", "GET /audit/head", "GET /audit/verify"], ["audit query", "audit verify"]),
        new("GET /audit/{seq}", ["GET /audit"], ["audit query"]),
        new("GET /audit/live", ["GET /audit/tail"], ["audit tail"]),
        new("GET /audit/export", ["GET /audit/export"], ["audit export"]),
        new("POST /audit/verify", ["POST /audit/verify"], ["audit verify"]),
        new("GET /sessions", ["GET /sessions"], ["session list"]),
        new("POST /sessions/{id}/end", ["POST /sessions/{id}/end"], ["session end"]),
        new("GET /clients", ["GET /clients"], ["client list"]),
        new("GET /register-client", ["POST /clients"], ["client create"]),
        new("POST /register-client", ["POST /clients"], ["client create"]),
        new("GET /clients/{name}", ["GET /clients/{name}", "GET /authorizations"], ["client show", "authorization list"]),
        .. new[] { "suspend", "resume", "retire" }.Select(step => new ParityRow($"POST /clients/{{name}}/{step}", [$"POST /clients/{{name}}/{step}"], [$"client {step}"])),
        new("GET /settings", ["GET /keys", "GET /webhook"], ["keys list", "webhook show"]),
        new("POST /settings/webhook/test", ["POST /webhook/test"], ["webhook test"]),
        new("POST /settings/keys/rotate", ["POST /keys/rotate"], ["keys rotate"]),
        new("POST /settings/keys/revoke", ["POST /keys/{id}/revoke"], ["keys revoke"]),
        new("GET /command-line", ["POST /logins/redeem", "GET /logins"], ["login", "login list"]),
        new("POST /command-line", ["POST /logins/redeem"], ["login"]),
        new("GET /reasons", ["GET /reasons"], ["reason"]),
        new("GET /reasons/{code}", ["GET /reasons/{code}"], ["reason"]),
    ];

    /// <summary>What is about the browser itself, or about whoever sits at it: an administrator sees the same of everybody by the routes above.</summary>
    public static readonly IReadOnlyDictionary<string, string> Own = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["GET /sign-in"] = "A command line has its token.",
        ["POST /sign-in/link"] = "A command line has its token.",
        ["POST /sign-in/token"] = "A command line has its token.",
        ["POST /sign-in/password"] = "A command line has its token.",
        ["GET /sign-in/set-password"] = "A password is chosen by the person whose it is: user add and user reset give the link.",
        ["POST /sign-in/set-password"] = "A password is chosen by the person whose it is: user add and user reset give the link.",
        ["POST /sign-out"] = "It ends the browser's own session; session end ends any.",
        ["GET /my-access"] = "Of the person alone: access --user and authorization list --user show the same to an administrator.",
        ["POST /my-access/authorizations/{id}/end"] = "Of the person alone: authorization end does it for an administrator.",
        ["POST /my-access/command-lines/{id}/end"] = "Of the person alone: logout ends one's own, and login end any.",
        ["POST /my-access/tokens/{id}/end"] = "Of the person alone: token revoke does it for an administrator.",
    };

    private static IEnumerable<ParityRow> Ends(string page) =>
    [
        new($"POST {page}/authorizations/{{id}}/end", ["POST /authorizations/{id}/end"], ["authorization end"]),
        new($"POST {page}/authorizations/end", ["POST /authorizations/end"], ["authorization end"]),
    ];

    private static IEnumerable<ParityRow> Of(string route, string command, string[] steps) =>
    [
        new($"GET /people/{route}/{{name}}", [$"GET /{route}/{{name}}", "GET /access", "GET /tokens", "GET /authorizations"], [$"{command} show", "access", "token list", "authorization list"]),
        new($"POST /people/{route}/{{name}}/revoke", ["POST /revocations"], ["revoke"]),
        .. steps.Select(step => new ParityRow($"POST /people/{route}/{{name}}/{step}", [$"POST /{route}/{{name}}/{step}"], [$"{command} {step}"])),
    ];
}
