using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Symbolon.Admin.Console.Layout;

/// <summary>A symbol of the page. By hand, so that no blank stands beside it.</summary>
public sealed class Icon : ComponentBase
{
    [Parameter, EditorRequired] public required string Name { get; set; }

    /// <summary>The same without a component: in the rows of a long list one costs far more than what it draws. So it is with each part that has an <c>Of</c>.</summary>
    public static RenderFragment Of(string name) => builder =>
    {
        builder.OpenElement(0, "svg");
        builder.AddAttribute(1, "class", "i");
        builder.AddAttribute(2, "aria-hidden", "true");
        builder.OpenElement(3, "use");
        builder.AddAttribute(4, "href", "#i-" + name);
        builder.CloseElement();
        builder.CloseElement();
    };

    protected override void BuildRenderTree(RenderTreeBuilder builder) => Of(Name)(builder);
}
