using System.Collections.Concurrent;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>
/// The tokens of processes that have no key and read them from a file: one for each server, made anew well before it ends, and at once when what is approved has become
/// another. What is revoked is shown to nobody any more, whether or not there is another one yet. DESIGN.md section 4, Identities on the way.
/// </summary>
internal sealed class ProcessTokens(IServerTokens issuer, TimeProvider clock)
{
    /// <summary>Where none could be had, in microseconds.</summary>
    private const long Pause = 1_000_000;

    private readonly ConcurrentDictionary<(OrganisationId, ServerName), Slot> slots = new();

    /// <summary>Whether the server is shown its token so.</summary>
    public static bool AreFor(ServerManifest manifest) => manifest.Credential is UpstreamCredential.Exchange { File: not null };

    /// <summary>What is to lie in the file now. Has another one made where that is due, and does not wait for it.</summary>
    public CredentialHeader Current(OrganisationId organisation, ServerName server, string variable)
    {
        var slot = SlotOf(organisation, server);
        var (token, state) = slot.Look();
        if (state != ServerTokenState.Current || slot.IsDue) _ = slot.RenewAsync();
        return token is null ? CredentialHeader.NoToken : new CredentialHeader.Reference(variable, token.Text);
    }

    /// <summary>Makes one where there is none, for a process that is about to be started.</summary>
    public async Task EnsureAsync(OrganisationId organisation, ServerName server, CancellationToken cancellation)
    {
        var slot = SlotOf(organisation, server);
        if (slot.Look().Token is null) await slot.RenewAsync().WaitAsync(cancellation);
    }

    /// <summary>Finds in answers what the process was shown last.</summary>
    public CredentialHeader Shown(OrganisationId organisation, ServerName server) => new CredentialHeader.Lent(SlotOf(organisation, server).IsIn);

    private Slot SlotOf(OrganisationId organisation, ServerName server) => slots.GetOrAdd((organisation, server), key => new Slot(issuer, clock, key.Item1, key.Item2));

    private sealed class Slot(IServerTokens issuer, TimeProvider clock, OrganisationId organisation, ServerName server)
    {
        private readonly Lock gate = new();
        private IssuedToken? shown, before;
        private ServerToken? token;
        private Task? renewal;
        private long renewAt, pausedUntil;

        public bool IsDue
        {
            get
            {
                lock (gate) return clock.Microseconds() >= renewAt;
            }
        }

        public (ServerToken? Token, ServerTokenState State) Look()
        {
            ServerToken? known;
            lock (gate) known = token;
            if (known is null) return (null, ServerTokenState.Dead);
            var state = issuer.StateOf(known);
            if (state != ServerTokenState.Dead) return (known, state);
            lock (gate)
                if (ReferenceEquals(token, known)) token = null;
            return (null, state);
        }

        public bool IsIn(ReadOnlySpan<byte> message)
        {
            lock (gate) return (shown is { } now && message.IndexOf(now.Bytes) >= 0) || (before is { } last && message.IndexOf(last.Bytes) >= 0);
        }

        /// <summary>One at a time; whoever asks meanwhile waits for the same.</summary>
        public Task RenewAsync()
        {
            lock (gate)
            {
                if (renewal is { IsCompleted: false } underway) return underway;
                if (clock.Microseconds() < pausedUntil) return Task.CompletedTask;
                return renewal = Task.Run(IssueAsync);
            }
        }

        private async Task IssueAsync()
        {
            ServerToken? fresh = null;
            try
            {
                fresh = await issuer.IssueAsync(organisation, server);
            }
            finally
            {
                lock (gate)
                {
                    if (fresh is null) pausedUntil = clock.Microseconds() + Pause;
                    else
                    {
                        (token, before, shown) = (fresh, shown, new IssuedToken(fresh.Text, fresh.ExpiresAt));
                        // Not all servers of a node at once: somewhere between a half and three quarters of its life.
                        renewAt = fresh.IssuedAt + (long)((fresh.ExpiresAt - fresh.IssuedAt) * (0.5 + Random.Shared.NextDouble() / 4));
                    }
                }
            }
        }
    }
}
