using Microsoft.AspNetCore.Http;
using Symbolon.Cli.Sidecar;
using Symbolon.Client.Credentials;
using Symbolon.UnitTests.AuthorizationServer;

namespace Symbolon.UnitTests.Cli.Sidecar;

/// <summary>How long the sidecar waits for an API.</summary>
[Trait("area", "cli")]
public sealed class SilentApiTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-silent-");
    private ServerRig rig = null!;
    private HttpClient symbolon = null!;

    public async ValueTask InitializeAsync()
    {
        rig = await ServerRig.StartAsync(enrols: false);
        symbolon = new HttpClient(new OAuthHostHandler(rig.Host));
    }

    public async ValueTask DisposeAsync()
    {
        symbolon.Dispose();
        await rig.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_api_that_does_not_begin_to_answer_is_given_up_after_five_minutes()
    {
        using var credential = await ServerCredential.OpenAsync(new ServerCredentialOptions
        {
            Symbolon = new Uri(OAuthHost.Issuer), KeyFile = Path.Combine(folder.FullName, "key"), EnrolmentCode = await rig.CodeAsync(),
        }, symbolon, rig.Host.Clock, TestContext.Current.CancellationToken);
        using var api = new Silent();
        var forward = new ForwardEndpoint(credential, ApiTarget.Of(null, credential.Audience), api, rig.Host.Clock);
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Request.Headers[ForwardedHeaders.Target] = ServerRig.Api + "/releases";
        http.Request.Headers[ForwardedHeaders.AsServer] = "true";
        var forwarding = forward.HandleAsync(http);
        await api.Asked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        rig.Host.Clock.Advance(ForwardEndpoint.Patience - TimeSpan.FromSeconds(1));
        Assert.False(forwarding.IsCompleted);
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        var why = (await Assert.ThrowsAsync<LocalProblemException>(() => forwarding)).Problem;
        Assert.Equal((StatusCodes.Status504GatewayTimeout, "api_silent"), (why.Status, why.Code));
    }

    private sealed class Silent : HttpMessageHandler
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException("Never.");
        }
    }
}
