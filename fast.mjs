import { pythonRandom } from "chainrule";
const pts=[];for(const x of[0,1])for(const y of[0,1])for(const z of[0,1])pts.push([[x,y,z],(x+y+z)%2?-1:1]);
const N=+process.argv[2];
function train(data,seed){const r=pythonRandom(seed);const S=[3,4,4,1];const W=[],B=[];for(let l=1;l<4;l++){const w=[];for(let j=0;j<S[l];j++){w.push(Array.from({length:S[l-1]},()=>r.uniform(-1,1)))}W.push(w);B.push(new Array(S[l]).fill(0))}
 const fwd=x=>{const A=[x];for(let l=0;l<3;l++){const o=[];for(let j=0;j<S[l+1];j++){let t=B[l][j];for(let i=0;i<S[l];i++)t+=W[l][j][i]*A[l][i];o.push(Math.tanh(t))}A.push(o)}return A};
 for(let e=0;e<1000;e++){const gW=W.map(w=>w.map(r=>r.map(()=>0))),gB=B.map(b=>b.map(()=>0));
  for(const[x,t]of data){const A=fwd(x);let d=[2*(A[3][0]-t)/data.length];for(let l=2;l>=0;l--){const nd=new Array(S[l]).fill(0);for(let j=0;j<S[l+1];j++){const g=d[j]*(1-A[l+1][j]**2);gB[l][j]+=g;for(let i=0;i<S[l];i++){gW[l][j][i]+=g*A[l][i];nd[i]+=g*W[l][j][i]}}d=nd}}
  for(let l=0;l<3;l++)for(let j=0;j<S[l+1];j++){B[l][j]-=.2*gB[l][j];for(let i=0;i<S[l];i++)W[l][j][i]-=.2*gW[l][j][i]}}
 return x=>fwd(x)[3][0]}
let tot=0;for(let c=0;c<8;c++){let ok=0;for(let s=0;s<N;s++){const f=train(pts.filter((_,k)=>k!==c),s);if(Math.sign(f(pts[c][0]))===pts[c][1])ok++}tot+=ok;console.log(pts[c][0].join(""),ok/N)}console.log("mean",tot/8/N);
