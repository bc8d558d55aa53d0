using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;

namespace Symbolon.Testing.Fakes;

/// <summary>Issues texts that are no tokens, each good for an hour, or as long as it is told.</summary>
public sealed class FakeServerTokens(TimeProvider clock) : IServerTokens
{
    private readonly Lock gate = new();
    private int issued;

    /// <summary>False: there is none to be had.</summary>
    public bool Issues { get; set; } = true;

    /// <summary>Of a token that is asked about.</summary>
    public Func<ServerToken, ServerTokenState>? State { get; set; }

    public TimeSpan Life { get; set; } = TimeSpan.FromHours(1);

    public int Issued
    {
        get
        {
            lock (gate) return issued;
        }
    }

    public Task<ServerToken?> IssueAsync(OrganisationId organisation, ServerName server)
    {
        lock (gate)
        {
            if (!Issues) return Task.FromResult<ServerToken?>(null);
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
            return Task.FromResult<ServerToken?>(new ServerToken(organisation, server, $"server-token-number-{++issued}", now, now + (long)Life.TotalMilliseconds * 1000));
        }
    }

    public ServerTokenState StateOf(ServerToken token) =>
        token.ExpiresAt <= clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000 ? ServerTokenState.Dead : State?.Invoke(token) ?? ServerTokenState.Current;
}
