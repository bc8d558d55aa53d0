namespace Symbolon.UnitTests.Admin;

/// <summary>One host for the tests of a class that leave it as it was.</summary>
public sealed class SharedAdminHost : IAsyncLifetime
{
    internal AdminHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await AdminHost.StartAsync();
        await Host.HaveServerAsync();
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
