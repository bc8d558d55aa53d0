using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Symbolon.Admin.Console.Parts;

/// <summary>A time in the console's words, with the whole of it behind. By hand, so that no blank stands between it and a comma.</summary>
public sealed class Moment : ComponentBase
{
    [Parameter, EditorRequired] public required DateTimeOffset? At { get; set; }
    [Parameter, EditorRequired] public required DateTimeOffset Now { get; set; }
    [Parameter] public string Never { get; set; } = "never";

    /// <summary>The same without a component.</summary>
    public static RenderFragment Of(DateTimeOffset? time, DateTimeOffset now, string never = "never") => builder =>
    {
        if (time is not { } at)
        {
            builder.AddContent(0, never);
            return;
        }
        builder.OpenElement(1, "time");
        builder.AddAttribute(2, "datetime", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        builder.AddAttribute(3, "title", at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        builder.AddContent(4, Moments.Said(at, now));
        builder.CloseElement();
    };

    protected override void BuildRenderTree(RenderTreeBuilder builder) => Of(At, Now, Never)(builder);
}
