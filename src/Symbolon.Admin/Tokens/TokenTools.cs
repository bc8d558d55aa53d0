using Symbolon.Admin.Access;
using Symbolon.Core;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Policy;
using Symbolon.Core.Registry;
using Symbolon.Core.Revocation;
using Symbolon.Core.Snapshot;
using Symbolon.Core.Tools;

namespace Symbolon.Admin.Tokens;

/// <summary>The tools that a token comes to: what it names, against the manifests and grants of this moment, by the decision that a call gets.</summary>
internal sealed class TokenTools(Configuration configuration, IUpstreamHealth health, IUsage usage, TimeProvider clock)
{
    private const long Lately = UnusedToolsResponse.Days * 24L * 3600 * 1_000_000;

    private const string Ended = "the token has ended";
    private const string NoGrant = "no live grant allows it";
    private const string NoKey = "only a token that is bound to a key may call it";

    /// <returns>By server and tool.</returns>
    public async Task<IReadOnlyList<TokenToolResponse>> ReadAsync(TokenRecord token, CancellationToken cancellation) => (await ReadAsync([token], cancellation))[token.Id];

    /// <summary>Of several tokens by one read of their use.</summary>
    /// <param name="tokens">At most 1000, of one organisation.</param>
    public async Task<IReadOnlyDictionary<TokenId, IReadOnlyList<TokenToolResponse>>> ReadAsync(IReadOnlyList<TokenRecord> tokens, CancellationToken cancellation)
    {
        if (tokens.Count == 0) return new Dictionary<TokenId, IReadOnlyList<TokenToolResponse>>();
        var used = (await usage.TokensAsync(tokens[0].Organisation, [.. tokens.Select(token => token.Id.Value)], cancellation)).ToDictionary(use => (use.Token, use.Server, use.Tool));
        var now = clock.Microseconds();
        var readings = new Dictionary<ServerName, UpstreamReading>();
        return tokens.ToDictionary(token => token.Id, token => (IReadOnlyList<TokenToolResponse>)[.. token.Servers.SelectMany(access => Of(token, access, readings, now))
            .OrderBy(each => each.Server, StringComparer.Ordinal).ThenBy(each => each.Tool.Name.Value, StringComparer.Ordinal)
            .Select(each => Shown(each, used.GetValueOrDefault((token.Id.Value, each.Server, each.Tool.Name.Value)), now))]);
    }

    private static TokenToolResponse Shown((string Server, ManifestTool Tool, string? Blocked) each, TokenToolUse? use, long now)
    {
        var unused = each.Blocked is not null ? null : use is null ? UnusedToolsResponse.NeverCalled : use.LastAt <= now - Lately ? UnusedToolsResponse.NotLately : null;
        return new(each.Server, each.Tool.Name.Value, each.Tool.Effect.ToText(), each.Blocked is null, use?.Calls ?? 0, use is null ? null : UnixTime.FromMicroseconds(use.LastAt), unused) { Blocked = each.Blocked };
    }

    private IEnumerable<(string Server, ManifestTool Tool, string? Blocked)> Of(TokenRecord token, ServerAccess access, Dictionary<ServerName, UpstreamReading> readings, long now)
    {
        if (configuration.Server(token.Organisation, access.Server) is not { Approved: { } approved } server) return [];
        var blocked = token.ExpiresAt <= now || configuration.Epochs.IsRevoked(token, access.Server) ? Ended
            : Blocks.OfHolder(configuration, token) ?? Blocks.OfServer(server);
        var reach = blocked is null ? ServerReach.Once(token, server, configuration.GrantsOn(token.Organisation, access.Server, EpochTable.Since(token)), configuration.Binding, now) : null;
        var reading = UpstreamReading.Nothing;
        if (blocked is null && !readings.TryGetValue(server.Name, out reading!)) readings[server.Name] = reading = health.Of(token.Organisation, server);
        return approved.Manifest.Tools
            .Where(tool => reach?[tool.Name.Value].IsAllowed == true || Names(access, tool))
            .Select(tool => (server.Name.Value, tool, blocked ?? (reach?[tool.Name.Value].IsAllowed == true ? Blocks.OfTool(reading, tool.Name) : reach?[tool.Name.Value].Decision is Decision.Deny { Code: ReasonCode.ProofRequired } ? NoKey : NoGrant)));
    }

    private static bool Names(ServerAccess access, ManifestTool tool) =>
        access.Tools.Contains(tool.Name) || (access.Effects.Contains(tool.Effect) && !tool.Flags.MustBeNamed());
}
