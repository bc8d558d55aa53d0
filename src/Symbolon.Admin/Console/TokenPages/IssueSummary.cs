using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Symbolon.Admin.Tokens;
using Symbolon.AuthorizationServer.PastedTokens;
using Symbolon.Core.Registry;

namespace Symbolon.Admin.Console.TokenPages;

/// <summary>The order in words, before it is given.</summary>
/// <param name="Order">Tells this order from every other; the form sends it back, so that only what was shown is issued.</param>
/// <param name="Ends">When the token would end, if it were issued now.</param>
/// <param name="Creates">The agent or workflow that would be created with it, and who answers for it.</param>
/// <param name="Grant">The grant that would be created with it, in words.</param>
public sealed record IssueSummary(string Order, IReadOnlyList<string> Servers, int Read, int Write, int Irreversible, DateTimeOffset Ends, IReadOnlyList<(string Kind, string Name, string Owner)> Creates, GrantWords? Grant, string Command)
{
    /// <summary>What it has besides tools, as the end of a sentence; null for nothing.</summary>
    public string? Besides { get; private init; }

    public int Tools => Read + Write + Irreversible;

    internal static IssueSummary Of(IssueTokenRequest request, TokenChoices choices, IssuePlan plan, DateTimeOffset now)
    {
        var named = request.Servers.SelectMany(access => choices.Servers.Where(server => server.Name == access.Name)
            .SelectMany(server => server.Tools.Where(tool => access.Tools!.Contains(tool.Name) || (!tool.ByNameOnly && access.Effects!.Contains(tool.Effect))))).ToList();
        return new IssueSummary(
            OrderOf(request), [.. request.Servers.Select(access => access.Name)], Count("read"), Count("write"), Count("irreversible"), now.AddSeconds(plan.Seconds), [.. CreatedBy(request)], GrantWords.Of(plan.Grant), CommandOf(request))
        {
            Besides = (request.Servers.Any(access => access.AllPrompts), request.Servers.Any(access => access.AllResources)) switch
            {
                (true, true) => "the prompts and resources that are granted",
                (true, false) => "the prompts that are granted",
                (false, true) => "the resources that are granted",
                _ => null,
            },
        };

        int Count(string effect) => named.Count(tool => tool.Effect == effect);
    }

    internal static string OrderOf(IssueTokenRequest request) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, AdminJson.Default.IssueTokenRequest)));

    private static IEnumerable<string> FeaturesOf(ServerAccessRequest server)
    {
        if (server.AllPrompts) yield return ServerChoice.Prompts;
        if (server.AllResources) yield return ServerChoice.Resources;
    }

    private static IEnumerable<(string Kind, string Name, string Owner)> CreatedBy(IssueTokenRequest request)
    {
        if (request.CreateAgent is { Owner: { } agents }) yield return ("agent", request.Agent!, agents);
        if (request.CreateWorkflow is { Owner: { } workflows }) yield return ("workflow", request.Workflow!, workflows);
    }

    /// <summary>The same as a command: what is free text is quoted for a shell.</summary>
    private static string CommandOf(IssueTokenRequest request)
    {
        var parts = new List<string> { "symbolon token issue" };
        Add("--user", request.User);
        Add("--agent", request.Agent);
        Add("--workflow", request.Workflow);
        foreach (var server in request.Servers) Add("--server", $"{server.Name}:{string.Join(',', server.Tools!.Concat(server.Effects!.Select(effect => "@" + effect)).Concat(FeaturesOf(server)))}");
        Add("--ttl", request.Ttl);
        Add("--note", request.Note);
        Add("--create-agent", request.CreateAgent?.Owner);
        Add("--create-workflow", request.CreateWorkflow?.Owner);
        Add("--create-grant", request.CreateGrant?.Name);
        Add("--grant-expires", request.CreateGrant?.Expires);
        return string.Join(" \\\n  ", parts);

        void Add(string option, string? value)
        {
            if (value is not null) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{option} {CommandText.Quoted(value)}"));
        }
    }
}
